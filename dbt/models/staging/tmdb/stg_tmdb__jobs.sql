with

source as (

    select * from {{ source('tmdb', 'jobs') }}

),

final as (

    select
        id as list_id,
        run_id,
        http_status,
        http_status <> 200 as is_tombstone,
        departments,
        fetched_at

    from source

)

select * from final
