-- An effect is on the side of its mean, no larger than it, and inside its own
-- interval.
select person_id, person_role, period, mean_residual, shrunk_residual
from {{ ref('mart_person_bankability') }}
where
    shrunk_residual * mean_residual < 0
    or abs(shrunk_residual) > abs(mean_residual) + 0.000000001
    or revenue_effect < revenue_effect_low
    or revenue_effect > revenue_effect_high
