with

source as (

    select * from {{ source('tmdb', 'people') }}

),

final as (

    select
        -- ids
        id as person_id,
        {{ null_if_blank('imdb_id') }} as imdb_id,
        run_id,

        -- texts
        {{ null_if_blank('name') }} as person_name,
        {{ null_if_blank('biography') }} as biography,
        {{ null_if_blank('homepage') }} as homepage,
        {{ null_if_blank('known_for_department') }} as known_for_department,
        {{ null_if_blank('place_of_birth') }} as place_of_birth,
        profile_path,

        -- numerics
        http_status,
        gender as gender_code,
        popularity,

        -- booleans
        http_status <> 200 as is_tombstone,
        adult as is_adult,

        -- nested, as given
        also_known_as,

        -- dates
        birthday as birth_date,
        deathday as death_date,
        fetched_at

    from source

)

select * from final
