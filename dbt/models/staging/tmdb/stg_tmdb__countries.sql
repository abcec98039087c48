with

source as (

    select * from {{ source('tmdb', 'countries') }}

),

final as (

    select
        id as list_id,
        run_id,
        http_status,
        http_status <> 200 as is_tombstone,
        countries,
        fetched_at

    from source

)

select * from final
