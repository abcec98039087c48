-- columns:
--   - { name: observation_kind, label: Asked for, format: text }
--   - { name: quarantine_reason, label: What was wrong, format: text }
--   - { name: n_observations, label: Replies set aside, format: count }
--   - { name: newest_on, label: Last one, format: date }
select
    observation_kind,
    quarantine_reason,
    n_observations,
    cast(newest_fetched_at as date) as newest_on
from mart_quality_quarantine
order by n_observations desc, observation_kind, quarantine_reason
limit 100
