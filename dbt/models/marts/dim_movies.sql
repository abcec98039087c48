with

movies as (

    select
        movie_id,
        imdb_id,
        title,
        original_title,
        language_code,
        tagline,
        overview,
        homepage,
        status,
        release_date,
        runtime_minutes,
        is_adult,
        is_video,
        poster_path,
        backdrop_path,
        belongs_to_collection,
        fetched_at
    from {{ ref('int_movies_newest') }}

),

final as (

    select
        -- ids
        movie_id,
        imdb_id,
        language_code,
        {{ struct_field('belongs_to_collection', 'id', 'bigint') }}
            as collection_id,

        -- texts
        coalesce(title, original_title) as title,
        original_title,
        tagline,
        overview,
        homepage,
        status,
        poster_path,
        backdrop_path,

        -- numerics
        runtime_minutes,
        {{ year_of('release_date') }} as release_year,

        -- booleans
        is_adult,
        is_video,

        -- dates
        release_date,
        fetched_at

    from movies

)

select * from final
