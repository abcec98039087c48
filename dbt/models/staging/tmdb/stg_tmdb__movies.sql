with

source as (

    select * from {{ source('tmdb', 'movies') }}

),

final as (

    select
        -- ids
        id as movie_id,
        {{ null_if_blank('imdb_id') }} as imdb_id,
        run_id,

        -- texts
        {{ null_if_blank('title') }} as title,
        {{ null_if_blank('original_title') }} as original_title,
        {{ null_if_blank('original_language') }} as language_code,
        {{ null_if_blank('tagline') }} as tagline,
        {{ null_if_blank('overview') }} as overview,
        {{ null_if_blank('homepage') }} as homepage,
        {{ null_if_blank('status') }} as status,
        poster_path,
        backdrop_path,

        -- numerics
        http_status,
        {{ null_if_unknown('runtime') }} as runtime_minutes,
        {{ null_if_unknown('budget') }} as budget_usd,
        {{ null_if_unknown('revenue') }} as revenue_usd,
        popularity,
        case when vote_count > 0 then vote_average end as vote_average,
        vote_count,

        -- booleans
        http_status <> 200 as is_tombstone,
        adult as is_adult,
        video as is_video,
        softcore as is_softcore,

        -- nested, as given
        belongs_to_collection,
        genres,
        production_companies,
        production_countries,
        spoken_languages,
        origin_country as origin_countries,
        keywords,
        credits_cast,
        credits_crew,
        release_dates,
        external_ids,

        -- dates
        release_date,
        fetched_at

    from source

)

select * from final
