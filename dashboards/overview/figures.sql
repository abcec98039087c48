-- columns:
--   - { name: n_population, label: Feature films, format: count }
--   - { name: n_budget, label: With known budget, format: count }
--   - { name: n_revenue, label: With known gross, format: count }
--   - { name: n_analysis, label: With both analysed, format: count }
--   - { name: gross_usd, label: Known gross, format: usd }
--   - { name: newest_date, label: Newest release, format: date }
select
    count(*) as n_population,
    count(*) filter (where budget_state = 'known') as n_budget,
    count(*) filter (where revenue_state = 'known') as n_revenue,
    count(*) filter (where is_analysed) as n_analysis,
    cast(sum(money_revenue_usd) as bigint) as gross_usd,
    max(release_date) as newest_date
from movies
