with

pairs as (

    select *
    from {{ ref('int_person_pairs') }}

),

parts as (

    select person_id, person_role, movie_id, release_year
    from {{ ref('int_person_films') }}
    where is_counted and is_principal

),

people as (

    select person_id, person_name
    from {{ ref('dim_people') }}

),

years as (

    select release_year, count(distinct movie_id) as n_year_films
    from parts
    group by release_year

),

busy_years as (

    select person_id, person_role, release_year, count(*) as n_films
    from parts
    group by person_id, person_role, release_year

),

totals as (

    select person_id, person_role, count(*) as n_films
    from parts
    group by person_id, person_role

),

-- Of a year's N films one made a and the other b: by chance they would meet in
-- a · b / N of them. Across all years at once every contemporary would look
-- like a partner.
expected as (

    select
        pairs.first_role,
        pairs.first_person_id,
        pairs.second_person_id,
        sum(
            cast(
                cast(first_years.n_films * second_years.n_films as double precision)
                / years.n_year_films as decimal(18, 12)
            )
        ) as n_expected_films
    from pairs
    inner join busy_years as first_years
        on
            pairs.first_person_id = first_years.person_id
            and pairs.first_role = first_years.person_role
    inner join busy_years as second_years
        on
            pairs.second_person_id = second_years.person_id
            and second_years.person_role = 'actor'
            and first_years.release_year = second_years.release_year
    inner join years
        on first_years.release_year = years.release_year
    group by pairs.first_role, pairs.first_person_id, pairs.second_person_id

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
        cast(expected.n_expected_films as double precision) as n_expected_films,
        pairs.n_films / cast(expected.n_expected_films as double precision)
            as lift,
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
