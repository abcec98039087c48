-- parameters: [pair_kind]
-- columns:
--   - { name: pair, label: Pair, format: text, link: person, key: first_person_id }
--   - { name: n_films, label: Films together, format: count }
--   - { name: n_expected_films, label: By chance, format: number }
--   - { name: lift, label: Together ÷ chance, format: multiple }
--   - { name: years, label: Years, format: text }
--   - { name: first_person_id, label: Person id, format: text, hidden: true }
select
    coalesce(first_person_name, 'Unknown')
        || ' & '
        || coalesce(second_person_name, 'Unknown') as pair,
    n_films,
    n_expected_films,
    lift,
    cast(first_year as text) || '–' || cast(last_year as text) as years,
    first_person_id
from mart_person_pairs
where pair_kind = $pair_kind
order by n_films desc, lift desc, first_person_id, second_person_id
limit 25
