-- A table, because nine models read its nested columns and the choice between
-- observations should be made once. Without the credits, which are longer than
-- all else together: see `int_movies_credits_newest`.
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

-- Only a film that was seen more than once has a newest observation to choose,
-- so that nothing else is sorted.
counted as (

    select movie_id, count(*) as n_observations
    from {{ ref('stg_tmdb__movies') }}
    group by movie_id

),

-- The newest observation wins whole: an older one never fills its gaps. Ties
-- at the same instant are settled by content, so that a rebuild agrees.
ranked as (

    select
        observations.*,
        row_number() over (
            partition by observations.movie_id
            order by
                observations.fetched_at desc,
                {{ by_code_point('observations.run_id') }} desc,
                observations.http_status asc,
                observations.popularity desc nulls last,
                observations.vote_count desc nulls last,
                observations.revenue_usd desc nulls last,
                observations.budget_usd desc nulls last,
                {{ by_code_point('observations.title') }} asc nulls last
        ) as observation_rank
    from observations
    inner join counted
        on observations.movie_id = counted.movie_id
    where counted.n_observations > 1

),

newest as (

    select observations.*, 1 as observation_rank
    from observations
    inner join counted
        on observations.movie_id = counted.movie_id
    where counted.n_observations = 1

    union all

    select * from ranked
    where observation_rank = 1

),

-- A film whose newest observation is a tombstone is gone.
final as (

    select *
    from newest
    where not is_tombstone

)

select * from final
