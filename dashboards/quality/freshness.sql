-- columns:
--   - { name: item_kind, label: What, format: text }
--   - { name: n_items, label: Observed, format: count }
--   - { name: median_age_days, label: Median age in days, format: count }
--   - { name: p95_age_days, label: 95 % are at most this old, format: count }
--   - { name: max_age_days, label: Oldest, format: count }
--   - { name: n_over_30_days, label: Over 30 days, format: count }
--   - { name: n_over_90_days, label: Over 90 days, format: count }
--   - { name: n_over_170_days, label: Over 170 days (due), format: count }
--   - { name: newest_on, label: Newest observation, format: date }
select
    case item_kind when 'movies' then 'Films' else 'Pages of people' end
        as item_kind,
    n_items,
    median_age_days,
    p95_age_days,
    max_age_days,
    n_over_30_days,
    n_over_90_days,
    n_over_170_days,
    cast(newest_fetched_at as date) as newest_on
from mart_quality_freshness
order by item_kind
