with

movies as (

    select
        movie_id,
        language_code,
        collection_id,
        release_date,
        release_year,
        runtime_minutes,
        fetched_at
    from {{ ref('dim_movies') }}

),

votes as (

    select movie_id, popularity, vote_average, vote_count
    from {{ ref('int_movies_newest') }}

),

ratings as (

    select movie_id, rating_score
    from {{ ref('int_movies_rated') }}

),

judged as (

    select
        movie_id,
        budget_usd,
        revenue_usd,
        budget_state,
        revenue_state,
        budget_suspect_reason,
        revenue_suspect_reason
    from {{ ref('int_movies_money_judged') }}

),

inflated as (

    select
        movie_id,
        cpi_base_year,
        budget_real_usd,
        revenue_real_usd,
        gross_margin_usd,
        multiple,
        roi
    from {{ ref('int_movies_money_inflated') }}

),

banded as (

    select movie_id, budget_class, break_even_state
    from {{ ref('int_movies_money_banded') }}

),

qualified as (

    select movie_id, is_in_population, is_in_analysis_set
    from {{ ref('int_movies_qualified') }}

),

final as (

    select
        -- ids
        movies.movie_id,
        movies.language_code,
        movies.collection_id,

        -- dates
        movies.release_date,
        movies.release_year,

        -- money
        judged.budget_usd,
        judged.revenue_usd,
        judged.budget_state,
        judged.revenue_state,
        judged.budget_suspect_reason,
        judged.revenue_suspect_reason,
        inflated.cpi_base_year,
        inflated.budget_real_usd,
        inflated.revenue_real_usd,
        inflated.gross_margin_usd,
        inflated.multiple,
        inflated.roi,
        banded.budget_class,
        banded.break_even_state,

        -- reception
        movies.runtime_minutes,
        votes.popularity,
        votes.vote_average,
        votes.vote_count,
        ratings.rating_score,

        -- booleans
        qualified.is_in_population,
        qualified.is_in_analysis_set,

        movies.fetched_at

    from movies
    inner join votes on movies.movie_id = votes.movie_id
    inner join ratings on movies.movie_id = ratings.movie_id
    inner join judged on movies.movie_id = judged.movie_id
    inner join inflated on movies.movie_id = inflated.movie_id
    inner join banded on movies.movie_id = banded.movie_id
    inner join qualified on movies.movie_id = qualified.movie_id

)

select * from final
