with

source as (

    select * from {{ source('tmdb', 'person_exports') }}

),

final as (

    select
        -- ids
        id as person_id,
        run_id,

        -- texts
        {{ null_if_blank('name') }} as person_name,

        -- numerics
        popularity,

        -- booleans
        adult as is_adult,

        -- dates
        export_date,
        fetched_at

    from source

)

select * from final
