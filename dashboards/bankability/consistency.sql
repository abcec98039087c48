-- parameters: [role]
-- columns:
--   - { name: person_name, label: Person, format: text, link: person, key: person_id }
--   - { name: n_films, label: Films led or directed, format: count }
--   - { name: past_break_even_share, label: Films past break-even, format: percent, low: past_break_even_share_low, high: past_break_even_share_high }
--   - { name: past_break_even_share_low, label: Low end (95 %), format: percent, hidden: true }
--   - { name: past_break_even_share_high, label: High end (95 %), format: percent, hidden: true }
--   - { name: spread, label: Upper ÷ lower quarter, format: multiple }
--   - { name: steady_rank, label: Rank by low end, format: count }
--   - { name: person_id, label: Person id, format: text, hidden: true }
select
    person_name,
    n_films,
    past_break_even_share,
    past_break_even_share_low,
    past_break_even_share_high,
    exp(residual_iqr) as spread,
    row_number() over (order by past_break_even_share_low desc, person_id)
        as steady_rank,
    person_id
from mart_person_bankability
where
    person_role = $role
    and period = 'all time'
    and n_films >= 8
    and past_break_even_share is not null
    and residual_iqr is not null
order by steady_rank
limit 200
