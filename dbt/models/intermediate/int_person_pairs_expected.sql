with

pairs as (

    select first_role, first_person_id, second_person_id
    from {{ ref('int_person_pairs') }}

),

parts as (

    select person_id, person_role, movie_id, release_year
    from {{ ref('int_person_films') }}
    where is_counted and is_principal

),

years as (

    select release_year, count(distinct movie_id) as n_year_films
    from parts
    group by release_year

),

person_years as (

    select person_id, person_role, release_year, count(*) as n_films
    from parts
    group by person_id, person_role, release_year

),

-- A row for each of the two: an engine that joined their years with each other
-- first would pair all contemporaries.
sides as (

    select
        pairs.*,
        first_role as person_role,
        first_person_id as person_id,
        true as is_first
    from pairs

    union all

    select
        pairs.*,
        'actor' as person_role,
        second_person_id as person_id,
        false as is_first
    from pairs

),

-- Of a year's N films one made a and the other b: by chance they would meet in
-- a · b / N of them. Across all years at once every contemporary would look
-- like a partner.
met as (

    select
        sides.first_role,
        sides.first_person_id,
        sides.second_person_id,
        cast(
            sum(case when sides.is_first then person_years.n_films end)
            * sum(case when not sides.is_first then person_years.n_films end)
            as double precision
        ) / max(years.n_year_films) as n_expected_films
    from sides
    inner join person_years
        on
            sides.person_id = person_years.person_id
            and sides.person_role = person_years.person_role
    inner join years
        on person_years.release_year = years.release_year
    group by
        sides.first_role,
        sides.first_person_id,
        sides.second_person_id,
        person_years.release_year
    having count(*) = 2

),

final as (

    select
        first_role,
        first_person_id,
        second_person_id,
        cast(
            sum(cast(n_expected_films as decimal(18, 12))) as double precision
        ) as n_expected_films
    from met
    group by first_role, first_person_id, second_person_id

)

select * from final
