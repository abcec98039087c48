-- A table, because the marts of genres read the same join of films and genres.
{{ config(materialized='table') }}

with

movies as (

    select
        movie_id, release_year, budget_class, break_even_state,
        budget_real_usd, revenue_real_usd, multiple, roi,
        vote_count, rating_score, is_in_analysis_set,
        {{ known_amount('budget_usd', 'budget_state') }} as budget_usd,
        {{ known_amount('revenue_usd', 'revenue_state') }} as revenue_usd
    from {{ ref('fact_movies') }}
    where is_in_population

),

bridge as (

    select movie_id, genre_id, is_primary, genre_weight
    from {{ ref('bridge_movies_genres') }}

),

-- A film without a genre counts once, under a key that no genre has: shares of
-- a year are to add up, and null cannot be joined on.
final as (

    select
        movies.movie_id,
        coalesce(bridge.genre_id, 0) as genre_key,
        coalesce(bridge.is_primary, true) as is_primary,
        coalesce(bridge.genre_weight, 1) as genre_weight,
        movies.release_year,
        movies.budget_class,
        movies.break_even_state,
        movies.budget_usd,
        movies.revenue_usd,
        movies.budget_real_usd,
        movies.revenue_real_usd,
        movies.multiple,
        movies.roi,
        movies.vote_count,
        movies.rating_score,
        movies.is_in_analysis_set

    from movies
    left join bridge
        on movies.movie_id = bridge.movie_id

)

select * from final
