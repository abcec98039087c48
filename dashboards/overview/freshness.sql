-- columns:
--   - { name: items, label: What, format: text }
--   - { name: n_items, label: How many, format: count }
--   - { name: newest_on, label: Newest fetched on, format: date }
--   - { name: median_age_days, label: Median age in days, format: count }
--   - { name: p95_age_days, label: 95 % are no older than, format: count }
--   - { name: n_over_170_days, label: Due again (over 170 days), format: count }
select
    case item_kind when 'movies' then 'Films' else 'People with their own page' end as items,
    n_items,
    cast(newest_fetched_at as date) as newest_on,
    median_age_days,
    p95_age_days,
    n_over_170_days
from mart_quality_freshness
order by items
