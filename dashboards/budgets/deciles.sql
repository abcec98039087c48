-- columns:
--   - { name: tenth, label: Tenth by budget, format: count }
--   - { name: budget_usd, label: Median budget, format: usd }
--   - { name: low_budget_usd, label: Budgets from, format: usd }
--   - { name: high_budget_usd, label: Budgets to, format: usd }
--   - { name: n_movies, label: Films with known money, format: count }
--   - { name: median_roi, label: Median return, format: percent, low: low_roi, high: high_roi, n: n_movies }
--   - { name: low_roi, label: Interval from, format: percent, hidden: true }
--   - { name: high_roi, label: Interval to, format: percent, hidden: true }
--   - { name: likely_profit_share, label: Likely profitable, format: percent, low: low_share, high: high_share, n: n_movies }
--   - { name: low_share, label: Share from, format: percent, hidden: true }
--   - { name: high_share, label: Share to, format: percent, hidden: true }
with

-- Equal budgets stay together.
films as (

    select
        money_budget_usd,
        roi,
        break_even_state,
        ceil(10 * cume_dist() over (order by money_budget_usd)) as tenth
    from movies
    where is_analysed and money_budget_usd is not null

),

places as (

    select
        films.*,
        row_number() over (partition by tenth order by roi) as place,
        count(*) over (partition by tenth) as n
    from films

),

tenths as (

    select
        tenth,
        count(*) as n_movies,
        count(*) filter (where break_even_state = 'likely profit') as n_profit,
        percentile_cont(0.5) within group (order by money_budget_usd) as budget_usd,
        min(money_budget_usd) as low_budget_usd,
        max(money_budget_usd) as high_budget_usd,
        percentile_cont(0.5) within group (order by roi) as median_roi,
        min(roi) filter (where place >= (n + 1) / 2.0 - 0.98 * sqrt(n)) as low_roi,
        max(roi) filter (where place <= (n + 1) / 2.0 + 0.98 * sqrt(n)) as high_roi
    from places
    group by tenth
    having count(*) >= 10

)

-- The share's interval is Wilson's.
select
    cast(tenth as integer) as tenth,
    budget_usd,
    low_budget_usd,
    high_budget_usd,
    n_movies,
    median_roi,
    low_roi,
    high_roi,
    cast(n_profit as double precision) / n_movies as likely_profit_share,
    cast(2 * n_profit + 3.8415 - 1.96 * sqrt(
        3.8415 + 4.0 * n_profit * (n_movies - n_profit) / n_movies
    ) as double precision) / (2 * (n_movies + 3.8415)) as low_share,
    cast(2 * n_profit + 3.8415 + 1.96 * sqrt(
        3.8415 + 4.0 * n_profit * (n_movies - n_profit) / n_movies
    ) as double precision) / (2 * (n_movies + 3.8415)) as high_share
from tenths
order by tenth
