-- columns:
--   - { name: n_population, label: Films, format: count }
--   - { name: n_movies, label: With both amounts known, format: count }
--   - { name: median_roi, label: Median return, format: percent, n: n_movies }
--   - { name: portfolio_roi, label: Return if all were funded, format: percent, n: n_movies }
--   - { name: likely_profit_share, label: Likely profitable, format: percent, n: n_movies }
select
    count(*) as n_population,
    count(*) filter (where is_analysed) as n_movies,
    percentile_cont(0.5) within group (order by roi) filter (where is_analysed)
        as median_roi,
    cast(sum(gross_margin_usd) filter (where is_analysed) as double precision)
        / nullif(sum(budget_usd) filter (where is_analysed), 0) as portfolio_roi,
    cast(count(*) filter (
        where is_analysed and break_even_state = 'likely profit'
    ) as double precision)
        / nullif(count(*) filter (where is_analysed), 0) as likely_profit_share
from movies
