-- Every film with genres has exactly one primary genre, the one in the mart.
with

primaries as (

    select
        movie_id,
        count(*) as n_genres,
        sum(case when is_primary then 1 else 0 end) as n_primary,
        max(case when is_primary then genre_id end) as primary_genre_id
    from {{ ref('bridge_movies_genres') }}
    group by movie_id

)

select marts.movie_id
from {{ ref('mart_movies') }} as marts
left join primaries
    on marts.movie_id = primaries.movie_id
where
    marts.n_genres <> coalesce(primaries.n_genres, 0)
    or coalesce(primaries.n_primary, 1) <> 1
    or coalesce(marts.primary_genre_id, -1)
    <> coalesce(primaries.primary_genre_id, -1)
