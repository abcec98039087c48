with

source as (

    select * from {{ source('tmdb', 'movie_exports') }}

),

final as (

    select
        -- ids
        id as movie_id,
        run_id,

        -- texts
        {{ null_if_blank('original_title') }} as original_title,

        -- numerics
        popularity,

        -- booleans
        adult as is_adult,
        video as is_video,

        -- dates
        export_date,
        fetched_at

    from source

)

select * from final
