with

source as (

    select * from {{ source('tmdb', 'genres') }}

),

final as (

    select
        id as list_id,
        run_id,
        http_status,
        http_status <> 200 as is_tombstone,
        genres,
        fetched_at

    from source

)

select * from final
