-- columns:
--   - { name: n_movies, label: Films with both amounts known, format: count }
--   - { name: gross_usd, label: Their gross, format: usd }
--   - { name: budget_usd, label: Their budgets, format: usd }
--   - { name: median_multiple, label: Median gross ÷ budget, format: multiple, n: n_movies }
--   - { name: likely_profit_share, label: Likely profitable, format: percent, n: n_movies }
--   - { name: likely_loss_share, label: Likely loss, format: percent, n: n_movies }
select
    count(*) as n_movies,
    cast(sum(money_revenue_usd) as bigint) as gross_usd,
    cast(sum(money_budget_usd) as bigint) as budget_usd,
    percentile_cont(0.5) within group (order by multiple) as median_multiple,
    cast(count(*) filter (where break_even_state = 'likely profit') as double precision)
        / nullif(count(*), 0) as likely_profit_share,
    cast(count(*) filter (where break_even_state = 'likely loss') as double precision)
        / nullif(count(*), 0) as likely_loss_share
from movies
where is_analysed
