{% set days = var('competition_days') %}

with

movies as (

    select
        movie_id, title, release_date, release_year, budget_class,
        budget_real_usd, log_revenue_residual, is_in_analysis_set,
        coalesce(
            is_in_population
            and budget_real_usd >= {{ var('big_release_budget_real_usd') }},
            false
        ) as is_big
    from {{ ref('mart_movies') }}

),

daily as (

    select
        release_date,
        count(*) as n_big,
        cast(sum(budget_real_usd) as bigint) as big_budget_real_usd
    from movies
    where is_big
    group by release_date

),

-- The calendar has every day, so so many rows are so many days, and no film
-- has to meet another.
windowed as (

    select
        days.date_day,
        sum(daily.n_big) over (
            order by days.date_day asc
            rows between {{ days }} preceding and {{ days }} following
        ) as n_big,
        sum(daily.big_budget_real_usd) over (
            order by days.date_day asc
            rows between {{ days }} preceding and {{ days }} following
        ) as big_budget_real_usd

    from {{ ref('dim_dates') }} as days
    left join daily
        on days.date_day = daily.release_date

),

-- Less the film itself, where it is one of the big releases.
final as (

    select
        movies.movie_id,
        movies.title,
        movies.release_date,
        movies.release_year,
        movies.budget_class,
        movies.budget_real_usd,
        movies.log_revenue_residual,
        cast(
            coalesce(windowed.n_big, 0)
            - case when movies.is_big then 1 else 0 end as bigint
        ) as n_competitors,
        cast(
            coalesce(windowed.big_budget_real_usd, 0)
            - case when movies.is_big then movies.budget_real_usd else 0 end
            as bigint
        ) as competitor_budget_real_usd

    from movies
    inner join windowed
        on movies.release_date = windowed.date_day
    where
        movies.is_in_analysis_set
        and movies.budget_real_usd >= {{ var('min_competition_budget_real_usd') }}

)

select * from final
