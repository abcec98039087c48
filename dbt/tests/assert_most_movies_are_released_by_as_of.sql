-- Films announced for later are right to be there. Most of a lake from the
-- future means a wrong `as_of_date`.
{{ config(severity='warn') }}

with

counted as (

    select
        count(*) as n_movies,
        sum(case when movies.release_date > as_of.as_of_date then 1 else 0 end)
            as n_future_movies
    from {{ ref('dim_movies') }} as movies
    cross join {{ ref('int_observations_dated') }} as as_of

)

select n_movies, n_future_movies
from counted
where n_future_movies * 2 > n_movies
