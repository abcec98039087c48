-- A table, because nine models read its nested columns and the window over
-- them should run once. Without the credits, which are longer than all else
-- together: see `int_movies_credits_newest`.
{{ config(materialized='table') }}

with

observations as (

    select
        movie_id, imdb_id, run_id, title, original_title, language_code,
        tagline, overview, homepage, status, poster_path, backdrop_path,
        http_status, runtime_minutes, budget_usd, revenue_usd, popularity,
        vote_average, vote_count, is_tombstone, is_adult, is_video,
        is_softcore, belongs_to_collection, genres, production_companies,
        production_countries, spoken_languages, origin_countries, keywords,
        release_dates, external_ids, release_date, fetched_at
    from {{ ref('stg_tmdb__movies') }}

),

-- The newest observation wins whole: an older one never fills its gaps. Ties
-- at the same instant are settled by content, so that a rebuild agrees.
ranked as (

    select
        *,
        row_number() over (
            partition by movie_id
            order by
                fetched_at desc,
                {{ by_code_point('run_id') }} desc,
                http_status asc,
                popularity desc nulls last,
                vote_count desc nulls last,
                revenue_usd desc nulls last,
                budget_usd desc nulls last,
                {{ by_code_point('title') }} asc nulls last
        ) as observation_rank

    from observations

),

-- A film whose newest observation is a tombstone is gone.
final as (

    select *
    from ranked
    where observation_rank = 1 and not is_tombstone

)

select * from final
