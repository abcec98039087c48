with

source as (

    select * from {{ source('tmdb', 'configuration') }}

),

final as (

    select
        id as list_id,
        run_id,
        http_status,
        http_status <> 200 as is_tombstone,
        {{ struct_field('images', 'base_url', 'text') }} as image_base_url,
        {{ struct_field('images', 'secure_base_url', 'text') }}
            as secure_image_base_url,
        change_keys,
        fetched_at

    from source

)

select * from final
