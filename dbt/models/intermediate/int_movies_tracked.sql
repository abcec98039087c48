-- A table, because a snapshot reads what it compares with three times.
{{ config(materialized='table') }}

with

as_of as (

    select newest_fetched_at
    from {{ ref('int_observations_dated') }}

),

living as (

    select
        movie_id,
        coalesce(title, original_title) as title,
        status,
        release_date,
        budget_usd,
        revenue_usd,
        popularity,
        fetched_at
    from {{ ref('int_movies_newest') }}

),

-- A tombstone that an observation of the film does not outdo.
gone as (

    select observations.movie_id, max(observations.fetched_at) as fetched_at
    from {{ ref('stg_tmdb__movies') }} as observations
    left join living
        on observations.movie_id = living.movie_id
    where observations.is_tombstone and living.movie_id is null
    group by observations.movie_id

),

tracked as (

    select
        movie_id, title, status, release_date, budget_usd, revenue_usd,
        popularity, false as is_gone, fetched_at
    from living

    union all

    select
        movie_id,
        cast(null as text) as title,
        cast(null as text) as status,
        cast(null as date) as release_date,
        cast(null as bigint) as budget_usd,
        cast(null as bigint) as revenue_usd,
        cast(null as double precision) as popularity,
        true as is_gone,
        fetched_at
    from gone

),

final as (

    select
        tracked.movie_id,
        tracked.title,
        tracked.status,
        tracked.release_date,
        tracked.budget_usd,
        tracked.revenue_usd,
        tracked.popularity,
        {{ popularity_step('tracked.popularity') | indent(8) }}
            as popularity_step,
        tracked.is_gone,
        tracked.fetched_at,
        as_of.newest_fetched_at as recorded_as_of

    from tracked
    cross join as_of

)

select * from final
