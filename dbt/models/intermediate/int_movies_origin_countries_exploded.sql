-- A table, because models and tests read it and the lists should be taken apart
-- once.
{{ config(materialized='table') }}

with

movies as (

    select movie_id, fetched_at, origin_countries
    from {{ ref('int_movies_newest') }}

),

stated as (

    {{ explode_texts(
        'movies', ['movie_id', 'fetched_at'], 'origin_countries'
    ) | indent(4) }}

),

-- Bodies from before 2024 do not state the origin. The countries of production
-- are the nearest thing they say, and are marked as such.
movies_without_statement as (

    select movie_id
    from movies
    where origin_countries is null

),

produced as (

    select movie_id, country_code, list_position, fetched_at
    from {{ ref('int_movies_production_countries_exploded') }}

),

countries as (

    select
        movie_id,
        element as country_code,
        list_position,
        fetched_at,
        false as is_from_production
    from stated
    where element <> ''

    union all

    select
        produced.movie_id,
        produced.country_code,
        produced.list_position,
        produced.fetched_at,
        true as is_from_production
    from produced
    inner join movies_without_statement
        on produced.movie_id = movies_without_statement.movie_id

),

ranked as (

    select
        *,
        row_number() over (
            partition by movie_id, country_code order by list_position asc
        ) as entry_rank

    from countries

),

final as (

    select
        movie_id,
        country_code,
        list_position,
        is_from_production,
        fetched_at

    from ranked
    where entry_rank = 1

)

select * from final
