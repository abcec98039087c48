with

pairs as (

    select *
    from {{ ref('int_person_pairs') }}

),

people as (

    select person_id, person_name
    from {{ ref('dim_people') }}

),

totals as (

    select person_id, person_role, count(*) as n_films
    from {{ ref('int_person_films') }}
    where is_counted and is_principal
    group by person_id, person_role

),

expected as (

    select first_role, first_person_id, second_person_id, n_expected_films
    from {{ ref('int_person_pairs_expected') }}

),

final as (

    select
        pairs.first_role || '-actor' as pair_kind,
        pairs.first_person_id,
        first_people.person_name as first_person_name,
        pairs.second_person_id,
        second_people.person_name as second_person_name,
        pairs.first_year,
        pairs.last_year,
        pairs.n_films,
        first_totals.n_films as n_first_films,
        second_totals.n_films as n_second_films,
        expected.n_expected_films,
        pairs.n_films / expected.n_expected_films as lift,
        pairs.n_films_with_residual,
        pairs.mean_residual

    from pairs
    inner join expected
        on
            pairs.first_role = expected.first_role
            and pairs.first_person_id = expected.first_person_id
            and pairs.second_person_id = expected.second_person_id
    inner join totals as first_totals
        on
            pairs.first_person_id = first_totals.person_id
            and pairs.first_role = first_totals.person_role
    inner join totals as second_totals
        on
            pairs.second_person_id = second_totals.person_id
            and second_totals.person_role = 'actor'
    inner join people as first_people
        on pairs.first_person_id = first_people.person_id
    inner join people as second_people
        on pairs.second_person_id = second_people.person_id

)

select * from final
