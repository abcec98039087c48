-- columns:
--   - { name: release_year, label: Year, format: year }
--   - { name: measure, label: Measure, format: text }
--   - { name: n_movies, label: Films with known money, format: count }
--   - { name: q1_usd, label: Lower quarter, format: usd, n: n_movies }
--   - { name: median_usd, label: Median, format: usd, n: n_movies }
--   - { name: q3_usd, label: Upper quarter, format: usd, n: n_movies }
--   - { name: known, label: Money, format: text, hidden: true }
with

films as (

    select release_year, money_budget_usd, money_revenue_usd
    from movies
    where is_analysed

),

amounts as (

    select release_year, 'Budget' as measure, money_budget_usd as amount_usd
    from films

    union all

    select release_year, 'Gross' as measure, money_revenue_usd as amount_usd
    from films

)

select
    release_year,
    measure,
    count(*) as n_movies,
    case when count(*) >= 10 then
        percentile_cont(0.25) within group (order by amount_usd)
    end as q1_usd,
    case when count(*) >= 10 then
        percentile_cont(0.5) within group (order by amount_usd)
    end as median_usd,
    case when count(*) >= 10 then
        percentile_cont(0.75) within group (order by amount_usd)
    end as q3_usd,
    'analysed' as known
from amounts
where amount_usd is not null
group by release_year, measure
order by release_year, measure
