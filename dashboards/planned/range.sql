-- parameters: [budget, recent]
-- columns:
--   - { name: n_movies, label: Films like it, format: count }
--   - { name: p25_usd, label: A quarter took less than, format: usd, n: n_movies }
--   - { name: p50_usd, label: Half took less than, format: usd, n: n_movies }
--   - { name: p75_usd, label: A quarter took more than, format: usd, n: n_movies }
--   - { name: p50_multiple, label: Median gross ÷ budget, format: multiple, n: n_movies }
--   - { name: likely_profit_share, label: Likely profitable, format: percent, low: low, high: high, n: n_movies }
--   - { name: low, label: Share from, format: percent, hidden: true }
--   - { name: high, label: Share to, format: percent, hidden: true }
with

nearest as (

    select movie_id, money_revenue_usd, multiple, break_even_state
    from movies
    where
        is_analysed
        and money_budget_usd > 0
        and release_year > (select max(release_year) from movies where is_analysed) - cast($recent as bigint)
    order by
        abs(ln(money_budget_usd) - ln(cast($budget as double precision) * 1000000)),
        movie_id
    limit 30

),

counted as (

    select
        count(*) as n_movies,
        count(*) filter (where break_even_state = 'likely profit') as n_profit,
        percentile_cont(0.25) within group (order by money_revenue_usd) as p25_usd,
        percentile_cont(0.5) within group (order by money_revenue_usd) as p50_usd,
        percentile_cont(0.75) within group (order by money_revenue_usd) as p75_usd,
        percentile_cont(0.5) within group (order by multiple) as p50_multiple
    from nearest

)

-- The share's interval is Wilson's.
select
    n_movies,
    p25_usd,
    p50_usd,
    p75_usd,
    p50_multiple,
    cast(n_profit as double precision) / nullif(n_movies, 0) as likely_profit_share,
    cast(2 * n_profit + 3.8415 - 1.96 * sqrt(
        3.8415 + 4.0 * n_profit * (n_movies - n_profit) / nullif(n_movies, 0)
    ) as double precision) / (2 * (n_movies + 3.8415)) as low,
    cast(2 * n_profit + 3.8415 + 1.96 * sqrt(
        3.8415 + 4.0 * n_profit * (n_movies - n_profit) / nullif(n_movies, 0)
    ) as double precision) / (2 * (n_movies + 3.8415)) as high
from counted
