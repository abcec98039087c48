with

source as (

    select * from {{ source('tmdb', 'quarantine') }}

),

final as (

    select
        id as observation_id,
        run_id,
        http_status,
        kind as observation_kind,
        reason as quarantine_reason,
        fetched_at

    from source

)

select * from final
