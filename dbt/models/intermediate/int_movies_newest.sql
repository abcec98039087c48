-- A table, because nine models read its nested columns and the window over
-- them should run once.
{{ config(materialized='table') }}

with

observations as (

    select *
    from {{ ref('stg_tmdb__movies') }}

),

-- The newest observation wins whole: an older one never fills its gaps. Ties
-- at the same instant are settled by content, so that a rebuild agrees.
ranked as (

    select
        *,
        row_number() over (
            partition by movie_id
            order by
                fetched_at desc,
                {{ by_code_point('run_id') }} desc,
                http_status asc,
                popularity desc nulls last,
                vote_count desc nulls last,
                revenue_usd desc nulls last,
                budget_usd desc nulls last,
                {{ by_code_point('title') }} asc nulls last
        ) as observation_rank

    from observations

),

-- A film whose newest observation is a tombstone is gone.
final as (

    select *
    from ranked
    where observation_rank = 1 and not is_tombstone

)

select * from final
