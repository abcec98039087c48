-- columns:
--   - { name: reason, label: Reason, format: text }
--   - { name: amount_kind, label: Amount, format: text }
--   - { name: n_suspect, label: Suspect amounts, format: count }
--   - { name: suspect_share, label: Of all such amounts, format: percent }
--   - { name: n_suspect_in_population, label: Of feature films, format: count }
select
    case suspect_reason
        when 'below_minimum' then 'Too low to be dollars'
        when 'above_maximum' then 'Too high to be true'
        when 'above_real_maximum' then 'Too high: another currency?'
        when 'equals_revenue' then 'Same as the gross'
        when 'equals_budget' then 'Same as the budget'
        when 'too_small_for_revenue' then 'Tiny beside the gross'
        when 'too_small_for_budget' then 'Tiny beside the budget'
        when 'not_released' then 'Gross of an unreleased film'
        when 'future_release' then 'Gross before the release'
        when 'too_few_votes' then 'High gross, hardly a vote'
        when 'changed_tenfold' then 'Changed more than tenfold'
        else replace(suspect_reason, '_', ' ')
    end as reason,
    case amount_kind when 'budget' then 'Budget' else 'Gross' end as amount_kind,
    n_suspect,
    suspect_share,
    n_suspect_in_population
from mart_quality_reasons
order by n_suspect desc, amount_kind, suspect_reason
