-- columns:
--   - { name: release_year, label: Year, format: year }
--   - { name: measure, label: Known, format: text }
--   - { name: n_movies, label: Films, format: count }
--   - { name: n_known, label: Films with the figure, format: count }
--   - { name: share, label: Share, format: percent }
with

years as (

    select
        release_year,
        count(*) as n_movies,
        count(*) filter (where budget_state = 'known') as n_budget,
        count(*) filter (where revenue_state = 'known') as n_revenue,
        count(*) filter (where is_in_analysis_set) as n_both
    from movies
    group by release_year
    having count(*) >= 10

),

counts as (

    select release_year, n_movies, 'Budget' as measure, n_budget as n_known
    from years

    union all

    select release_year, n_movies, 'Revenue' as measure, n_revenue as n_known
    from years

    union all

    select release_year, n_movies, 'Both' as measure, n_both as n_known
    from years

)

select
    release_year,
    measure,
    n_movies,
    n_known,
    cast(n_known as double precision) / n_movies as share
from counts
order by release_year, measure
