with

movies as (

    select movie_id, belongs_to_collection, fetched_at
    from {{ ref('int_movies_newest') }}

),

qualified as (

    select movie_id, is_in_population
    from {{ ref('int_movies_qualified') }}

),

mentions as (

    select
        movies.movie_id,
        movies.fetched_at,
        qualified.is_in_population,
        {{ struct_field('movies.belongs_to_collection', 'id', 'bigint') }}
            as collection_id,
        {{ struct_field('movies.belongs_to_collection', 'name', 'text') }}
            as collection_name,
        {{ struct_field(
            'movies.belongs_to_collection', 'poster_path', 'text'
        ) }} as poster_path,
        {{ struct_field(
            'movies.belongs_to_collection', 'backdrop_path', 'text'
        ) }} as backdrop_path

    from movies
    inner join qualified
        on movies.movie_id = qualified.movie_id

),

ranked as (

    select
        *,
        row_number() over (
            partition by collection_id order by fetched_at desc, movie_id desc
        ) as mention_rank,
        count(*) over (partition by collection_id) as n_movies,
        sum(case when is_in_population then 1 else 0 end)
            over (partition by collection_id) as n_released_movies

    from mentions
    where collection_id is not null

),

final as (

    select
        collection_id,
        collection_name,
        poster_path,
        backdrop_path,
        n_movies,
        cast(n_released_movies as bigint) as n_released_movies,
        n_released_movies >= 2 as is_franchise

    from ranked
    where mention_rank = 1

)

select * from final
