-- parameters: [id]
-- columns:
--   - { name: role, label: As and when, format: text }
--   - { name: revenue_effect, label: Against films like theirs, format: percent, low: revenue_effect_low, high: revenue_effect_high }
--   - { name: revenue_effect_low, label: Low end (80 %), format: percent, hidden: true }
--   - { name: revenue_effect_high, label: High end (80 %), format: percent, hidden: true }
--   - { name: n_films, label: Films led or directed, format: count }
--   - { name: past_break_even_share, label: Past break-even, format: percent, low: break_even_low, high: break_even_high }
--   - { name: break_even_low, label: Low end (95 %), format: percent, hidden: true }
--   - { name: break_even_high, label: High end (95 %), format: percent, hidden: true }
--   - { name: last_year, label: Latest, format: year }
select
    case person_role when 'actor' then 'Lead' else 'Director' end
        || case period when 'recent' then ', last 15 years' else ', all years' end
        as role,
    revenue_effect,
    revenue_effect_low,
    revenue_effect_high,
    n_films,
    past_break_even_share,
    past_break_even_share_low as break_even_low,
    past_break_even_share_high as break_even_high,
    last_year
from mart_person_bankability
where person_id = $id and revenue_effect is not null
order by person_role, period
