with

movies as (

    select
        movie_id,
        title,
        release_date,
        release_year,
        budget_decile is not null as is_comparable,
        budget_real_usd,
        case when budget_real_usd > 0 then {{ log_of('budget_real_usd') }} end
            as log_budget_real,
        case when n_genres > 0 then n_genres end as n_genres,
        original_language,
        origin_country_code,
        release_window,
        runtime_minutes,
        is_franchise,
        multiple,
        revenue_real_usd,
        break_even_state,
        log_revenue_residual
    from {{ ref('mart_movies') }}

),

keywords as (

    select movie_id, count(*) as n_keywords
    from {{ ref('bridge_movies_keywords') }}
    group by movie_id

),

final as (

    select
        movies.movie_id,
        movies.title,
        movies.release_date,
        movies.release_year,
        movies.is_comparable,

        -- what films are compared by
        movies.log_budget_real,
        movies.n_genres,
        keywords.n_keywords,
        movies.original_language,
        movies.origin_country_code,
        movies.release_window,
        movies.runtime_minutes,
        movies.is_franchise,

        -- what came of them
        movies.budget_real_usd,
        movies.revenue_real_usd,
        movies.multiple,
        movies.break_even_state,
        movies.log_revenue_residual

    from movies
    left join keywords
        on movies.movie_id = keywords.movie_id

)

select * from final
