-- columns:
--   - { name: release_year, label: Year, format: year }
--   - { name: measure, label: Measure, format: text }
--   - { name: share_of_baseline, label: Against the years before, format: percent, n: n }
--   - { name: n, label: Films it rests on, format: count }
--   - { name: baseline_years, label: Years it is measured from, format: count }
with

years as (

    select
        release_year,
        count(*) as n_movies,
        count(money_revenue_usd) as n_known,
        sum(money_revenue_usd) as gross_usd,
        count(log_revenue_residual) filter (where is_analysed) as n_residuals,
        percentile_cont(0.5) within group (order by log_revenue_residual)
            filter (where is_analysed) as residual
    from movies
    where release_year between 2010 and 2030
    group by release_year

),

baseline as (

    select
        avg(n_movies) as n_movies,
        avg(gross_usd) as gross_usd,
        avg(residual) as residual,
        count(*) as n_years
    from years
    where release_year between 2015 and 2019 and n_movies >= 10

),

measures as (

    select
        years.release_year,
        'Films released' as measure,
        years.n_movies / baseline.n_movies as share_of_baseline,
        years.n_movies as n,
        baseline.n_years
    from years
    cross join baseline

    union all

    select
        years.release_year,
        'Known gross' as measure,
        years.gross_usd / baseline.gross_usd as share_of_baseline,
        years.n_known as n,
        baseline.n_years
    from years
    cross join baseline

    union all

    select
        years.release_year,
        'Gross ÷ expected' as measure,
        exp(years.residual - baseline.residual) as share_of_baseline,
        years.n_residuals as n,
        baseline.n_years
    from years
    cross join baseline

)

select
    release_year,
    measure,
    cast(share_of_baseline as double precision) as share_of_baseline,
    n,
    n_years as baseline_years
from measures
where n_years > 0 and n >= 10 and share_of_baseline is not null
order by measure, release_year
