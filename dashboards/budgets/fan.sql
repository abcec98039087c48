-- columns:
--   - { name: release_year, label: Year, format: year }
--   - { name: n_movies, label: Films with known budget, format: count }
--   - { name: coverage, label: Budgets known, format: percent }
--   - { name: p10_usd, label: 10 % cost less than, format: usd, n: n_movies }
--   - { name: p25_usd, label: A quarter less than, format: usd, n: n_movies }
--   - { name: p50_usd, label: Median budget, format: usd, n: n_movies }
--   - { name: p75_usd, label: A quarter more than, format: usd, n: n_movies }
--   - { name: p90_usd, label: 10 % more than, format: usd, n: n_movies }
--   - { name: known, label: Money, format: text, hidden: true }
select
    release_year,
    count(money_budget_usd) as n_movies,
    cast(count(money_budget_usd) as double precision) / count(*) as coverage,
    case when count(money_budget_usd) >= 10 then
        percentile_cont(0.10) within group (order by money_budget_usd)
    end as p10_usd,
    case when count(money_budget_usd) >= 10 then
        percentile_cont(0.25) within group (order by money_budget_usd)
    end as p25_usd,
    case when count(money_budget_usd) >= 10 then
        percentile_cont(0.50) within group (order by money_budget_usd)
    end as p50_usd,
    case when count(money_budget_usd) >= 10 then
        percentile_cont(0.75) within group (order by money_budget_usd)
    end as p75_usd,
    case when count(money_budget_usd) >= 10 then
        percentile_cont(0.90) within group (order by money_budget_usd)
    end as p90_usd,
    'budget' as known
from movies
group by release_year
having count(money_budget_usd) > 0
order by release_year
