-- parameters: [role, period, min_films]
-- columns:
--   - { name: person_name, label: Person, format: text, link: person, key: person_id }
--   - { name: n_films, label: Films led or directed, format: count }
--   - { name: revenue_effect, label: Against films like theirs, format: percent, low: revenue_effect_low, high: revenue_effect_high }
--   - { name: revenue_effect_low, label: Low end (80 %), format: percent, hidden: true }
--   - { name: revenue_effect_high, label: High end (80 %), format: percent, hidden: true }
--   - { name: median_effect, label: "Median film, not shrunk", format: percent }
--   - { name: side, label: Interval, format: text }
--   - { name: first_year, label: From, format: year }
--   - { name: last_year, label: To, format: year }
--   - { name: person_id, label: Person id, format: text, hidden: true }
with

people as (

    select
        *,
        row_number() over (order by revenue_effect desc, person_id) as from_top,
        row_number() over (order by revenue_effect, person_id) as from_bottom
    from mart_person_bankability
    where
        person_role = $role
        and period = $period
        and n_films >= $min_films
        and revenue_effect is not null

)

select
    person_name,
    n_films,
    revenue_effect,
    revenue_effect_low,
    revenue_effect_high,
    exp(median_residual) - 1 as median_effect,
    case
        when revenue_effect_low > 0 then 'Above films alike'
        when revenue_effect_high < 0 then 'Below films alike'
        else 'Could be nothing'
    end as side,
    first_year,
    last_year,
    person_id
from people
where from_top <= 20 or from_bottom <= 10
order by revenue_effect desc, person_id
