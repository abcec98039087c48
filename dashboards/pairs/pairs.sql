-- parameters: [pair_kind, rank_by]
-- columns:
--   - { name: first_person, label: Person, format: text, link: person, key: first_person_id }
--   - { name: second_person, label: With, format: text, link: person, key: second_person_id }
--   - { name: n_films, label: Films together, format: count }
--   - { name: n_expected_films, label: By chance, format: number }
--   - { name: lift, label: Together ÷ chance, format: multiple }
--   - { name: n_first_films, label: Films of the first, format: count }
--   - { name: n_second_films, label: Films of the second, format: count }
--   - { name: mean_ratio, label: "Gross ÷ films alike, mean", format: multiple }
--   - { name: n_films_with_residual, label: Films behind that, format: count }
--   - { name: first_year, label: From, format: year }
--   - { name: last_year, label: To, format: year }
--   - { name: first_person_id, label: Person id, format: text, hidden: true }
--   - { name: second_person_id, label: Id of the other, format: text, hidden: true }
select
    first_person_name as first_person,
    second_person_name as second_person,
    n_films,
    n_expected_films,
    lift,
    n_first_films,
    n_second_films,
    exp(mean_residual) as mean_ratio,
    n_films_with_residual,
    first_year,
    last_year,
    first_person_id,
    second_person_id
from mart_person_pairs
where pair_kind = $pair_kind
order by
    case
        when $rank_by = 'films' then n_films
        when $rank_by = 'lift' then lift
        else mean_residual
    end desc nulls last,
    lift desc,
    first_person_id,
    second_person_id
limit 100
