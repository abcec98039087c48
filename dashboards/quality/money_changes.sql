-- columns:
--   - { name: amount, label: Amount, format: text }
--   - { name: change, label: Change, format: text }
--   - { name: n_films, label: Films, format: count }
--   - { name: n_changes, label: Changes, format: count }
--   - { name: n_tenfold, label: Tenfold or more, format: count }
--   - { name: median_factor, label: Median new ÷ old, format: multiple }
--   - { name: latest_on, label: Latest, format: date }
select
    case attribute when 'budget_usd' then 'Budget' else 'Gross' end as amount,
    change_kind as change,
    count(distinct movie_id) as n_films,
    count(*) as n_changes,
    count(*) filter (where is_tenfold) as n_tenfold,
    percentile_cont(0.5) within group (order by change_factor) as median_factor,
    max(cast(changed_at as date)) as latest_on
from mart_changes
where attribute in ('budget_usd', 'revenue_usd') and days_ago <= 30
group by attribute, change_kind
order by attribute, change_kind
