-- Every film ever observed is in the dimension, or its newest observation says
-- that it is gone. Nothing else may lose a film.
{{ config(group='preparation') }}

with

observed as (

    select movie_id, max(fetched_at) as newest_fetched_at
    from {{ ref('stg_tmdb__movies') }}
    group by movie_id

),

gone as (

    select observations.movie_id
    from {{ ref('stg_tmdb__movies') }} as observations
    inner join observed
        on
            observations.movie_id = observed.movie_id
            and observations.fetched_at = observed.newest_fetched_at
    where observations.is_tombstone

)

select observed.movie_id
from observed
left join {{ ref('dim_movies') }} as movies
    on observed.movie_id = movies.movie_id
left join gone
    on observed.movie_id = gone.movie_id
where movies.movie_id is null and gone.movie_id is null
