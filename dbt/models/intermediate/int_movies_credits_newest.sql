-- A view: the longest lists are read where they lie, and never copied whole.
with

observations as (

    select movie_id, fetched_at, run_id, credits_cast, credits_crew
    from {{ ref('stg_tmdb__movies') }}
    where not is_tombstone

),

counted as (

    select movie_id, fetched_at, run_id, count(*) as n_twins
    from observations
    group by movie_id, fetched_at, run_id

),

newest as (

    select
        movies.movie_id,
        movies.fetched_at,
        movies.run_id,
        counted.n_twins
    from {{ ref('int_movies_newest') }} as movies
    inner join counted
        on
            movies.movie_id = counted.movie_id
            and movies.fetched_at = counted.fetched_at
            and movies.run_id = counted.run_id

),

-- Only where the lake holds an observation more than once is there a choice to
-- make, so that nothing else is sorted.
single as (

    select
        observations.movie_id,
        observations.fetched_at,
        observations.credits_cast,
        observations.credits_crew
    from observations
    inner join newest
        on
            observations.movie_id = newest.movie_id
            and observations.fetched_at = newest.fetched_at
            and observations.run_id = newest.run_id
    where newest.n_twins = 1

),

twins as (

    select
        observations.movie_id,
        observations.fetched_at,
        observations.credits_cast,
        observations.credits_crew,
        row_number() over (
            partition by observations.movie_id
            order by
                cast(observations.credits_cast as text) asc nulls last,
                cast(observations.credits_crew as text) asc nulls last
        ) as twin_rank
    from observations
    inner join newest
        on
            observations.movie_id = newest.movie_id
            and observations.fetched_at = newest.fetched_at
            and observations.run_id = newest.run_id
    where newest.n_twins > 1

),

final as (

    select movie_id, fetched_at, credits_cast, credits_crew from single
    union all
    select movie_id, fetched_at, credits_cast, credits_crew
    from twins
    where twin_rank = 1

)

select * from final
