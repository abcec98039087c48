with

observations as (

    -- A reply that the lake holds twice is one reply.
    select distinct
        observation_kind, quarantine_reason, observation_id, run_id, fetched_at
    from {{ ref('stg_tmdb__quarantine') }}

),

final as (

    select
        observation_kind,
        quarantine_reason,
        count(*) as n_observations,
        max(fetched_at) as newest_fetched_at

    from observations
    group by observation_kind, quarantine_reason

)

select * from final
