-- A table, because models of films and of franchises read it and reading the
-- nested collections should happen once.
{{ config(materialized='table') }}

with

movies as (

    select
        movie_id,
        release_date,
        {{ struct_field('belongs_to_collection', 'id', 'bigint') }}
            as collection_id
    from {{ ref('int_movies_newest') }}

),

qualified as (

    select movie_id
    from {{ ref('int_movies_qualified') }}
    where is_in_population

),

ranked as (

    select
        movies.movie_id,
        movies.collection_id,
        row_number() over (
            partition by movies.collection_id
            order by movies.release_date asc, movies.movie_id asc
        ) as instalment,
        count(*) over (partition by movies.collection_id) as n_instalments

    from movies
    inner join qualified
        on movies.movie_id = qualified.movie_id
    where movies.collection_id is not null

),

final as (

    select
        movie_id,
        collection_id,
        cast(instalment as integer) as franchise_instalment

    from ranked
    where n_instalments >= 2

)

select * from final
