-- parameters: [pair_kind]
-- columns:
--   - { name: pair, label: Pair, format: text, link: person, key: first_person_id }
--   - { name: n_films, label: Films together, format: count }
--   - { name: n_films_with_residual, label: Films with known money, format: count }
--   - { name: mean_ratio, label: "Gross ÷ films alike, mean", format: multiple }
--   - { name: side, label: Side, format: text }
--   - { name: first_person_id, label: Person id, format: text, hidden: true }
with

pairs as (

    select
        *,
        row_number() over (
            order by mean_residual desc, first_person_id, second_person_id
        ) as from_top,
        row_number() over (
            order by mean_residual, first_person_id, second_person_id
        ) as from_bottom
    from mart_person_pairs
    where pair_kind = $pair_kind and n_films_with_residual >= 3

)

select
    coalesce(first_person_name, 'Unknown')
        || ' & '
        || coalesce(second_person_name, 'Unknown') as pair,
    n_films,
    n_films_with_residual,
    exp(mean_residual) as mean_ratio,
    case when mean_residual >= 0 then 'More' else 'Less' end as side,
    first_person_id
from pairs
where from_top <= 12 or from_bottom <= 8
order by mean_residual desc, first_person_id, second_person_id
