-- parameters: [role]
-- columns:
--   - { name: person_name, label: Person, format: text, link: person, key: person_id }
--   - { name: n_films, label: Films led or directed, format: count }
--   - { name: before_ratio, label: "Films before: gross ÷ films alike", format: multiple }
--   - { name: latest_ratio, label: "Latest five: gross ÷ films alike", format: multiple }
--   - { name: change_factor, label: Latest five ÷ before, format: multiple }
--   - { name: direction, label: Direction, format: text }
--   - { name: last_year, label: Latest film, format: year }
--   - { name: person_id, label: Person id, format: text, hidden: true }
with

working as (

    select person_id
    from mart_person_bankability
    where person_role = $role and period = 'recent'

),

-- The mean of all films and the change give the means of the two parts, the
-- latest five (the project's n_latest_films) and the films before.
people as (

    select
        person_id,
        person_name,
        n_films,
        last_year,
        residual_change,
        mean_residual - residual_change * 5 / n_films as before_residual,
        row_number() over (order by residual_change desc, person_id) as from_top,
        row_number() over (order by residual_change, person_id) as from_bottom
    from mart_person_bankability
    where
        person_role = $role
        and period = 'all time'
        and residual_change is not null
        and person_id in (select person_id from working)

)

select
    person_name,
    n_films,
    exp(before_residual) as before_ratio,
    exp(before_residual + residual_change) as latest_ratio,
    exp(residual_change) as change_factor,
    case when residual_change > 0 then 'Hotter' else 'Cooler' end as direction,
    last_year,
    person_id
from people
where
    (from_top <= 12 and residual_change > 0)
    or (from_bottom <= 12 and residual_change <= 0)
order by residual_change desc, person_id
