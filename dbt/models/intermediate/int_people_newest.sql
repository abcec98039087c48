-- A table, because three models read it and the window over every observation
-- should run once.
{{ config(materialized='table') }}

with

observations as (

    select *
    from {{ ref('stg_tmdb__people') }}

),

ranked as (

    select
        *,
        row_number() over (
            partition by person_id
            order by
                fetched_at desc,
                {{ by_code_point('run_id') }} desc,
                http_status asc,
                popularity desc nulls last,
                {{ by_code_point('person_name') }} asc nulls last
        ) as observation_rank

    from observations

),

final as (

    select *
    from ranked
    where observation_rank = 1 and not is_tombstone

)

select * from final
