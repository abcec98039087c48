with

movies as (

    select
        movie_id, language_code, collection_id, release_date,
        release_year, runtime_minutes, fetched_at
    from {{ ref('dim_movies') }}

),

rated as (

    select movie_id, popularity, vote_average, vote_count, rating_score
    from {{ ref('int_movies_rated') }}

),

judged as (

    select
        movie_id, budget_usd, revenue_usd, budget_state, revenue_state,
        budget_suspect_reason, revenue_suspect_reason
    from {{ ref('int_movies_money_judged') }}

),

banded as (

    select
        movie_id, cpi_base_year, budget_real_usd, revenue_real_usd,
        gross_margin_usd, multiple, roi, budget_class, break_even_state
    from {{ ref('int_movies_money_banded') }}

),

qualified as (

    select movie_id, is_in_population, is_in_analysis_set
    from {{ ref('int_movies_qualified') }}

),

final as (

    select
        -- ids and dates
        movies.movie_id,
        movies.language_code,
        movies.collection_id,
        movies.release_date,
        movies.release_year,
        movies.fetched_at,

        -- money
        judged.budget_usd,
        judged.revenue_usd,
        judged.budget_state,
        judged.revenue_state,
        judged.budget_suspect_reason,
        judged.revenue_suspect_reason,
        banded.cpi_base_year,
        banded.budget_real_usd,
        banded.revenue_real_usd,
        banded.gross_margin_usd,
        banded.multiple,
        banded.roi,
        banded.budget_class,
        banded.break_even_state,

        -- reception
        movies.runtime_minutes,
        rated.popularity,
        rated.vote_average,
        rated.vote_count,
        rated.rating_score,

        -- booleans
        qualified.is_in_population,
        qualified.is_in_analysis_set

    from movies
    inner join rated on movies.movie_id = rated.movie_id
    inner join judged on movies.movie_id = judged.movie_id
    inner join banded on movies.movie_id = banded.movie_id
    inner join qualified on movies.movie_id = qualified.movie_id

)

select * from final
