-- Each way of dividing the year counts the films of the population once, and
-- calendar and windows have their dollars and residuals.
with

movies as (

    select
        count(*) as n_population,
        sum(case when is_in_analysis_set then 1 else 0 end) as n_analysis,
        count(log_revenue_residual) as n_residuals,
        coalesce(sum(revenue_real_usd), 0) as revenue_real_usd
    from {{ ref('mart_movies') }}
    where is_in_population

),

periods as (

    select
        period_kind,
        sum(n_population) as n_population,
        sum(n_analysis) as n_analysis,
        sum(n_residuals) as n_residuals
    from {{ ref('mart_release_windows') }}
    group by period_kind

),

calendar as (

    select
        sum(n_population) as n_population,
        coalesce(sum(revenue_real_usd), 0) as revenue_real_usd
    from {{ ref('mart_release_calendar') }}

)

select periods.period_kind, periods.n_population, movies.n_population as n_films
from periods
cross join movies
where
    periods.n_population <> movies.n_population
    or periods.n_analysis <> movies.n_analysis
    or periods.n_residuals <> movies.n_residuals

union all

select 'calendar', calendar.n_population, movies.n_population
from calendar
cross join movies
where
    calendar.n_population <> movies.n_population
    or calendar.revenue_real_usd <> movies.revenue_real_usd
