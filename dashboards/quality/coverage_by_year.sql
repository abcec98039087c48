-- columns:
--   - { name: release_year, label: Year, format: year }
--   - { name: measure, label: Known, format: text }
--   - { name: share, label: Share of films, format: percent }
--   - { name: n_known, label: Films with it, format: count }
--   - { name: n_films, label: Films, format: count }
with

years as (

    select
        release_year,
        count(*) as n_films,
        count(*) filter (where budget_state = 'known') as n_budget,
        count(*) filter (where revenue_state = 'known') as n_revenue,
        count(*) filter (where is_analysed) as n_analysed
    from movies
    group by release_year
    having count(*) >= 10

),

measures as (

    select release_year, n_films, 'Budget' as measure, n_budget as n_known
    from years

    union all

    select release_year, n_films, 'Gross' as measure, n_revenue as n_known
    from years

    union all

    select release_year, n_films, 'Analysis set' as measure, n_analysed as n_known
    from years

)

select
    release_year,
    measure,
    cast(n_known as double precision) / n_films as share,
    n_known,
    n_films
from measures
order by release_year, measure
