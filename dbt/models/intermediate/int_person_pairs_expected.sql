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

-- With the size of each year beside it, so that no engine counts the years once
-- for each row of the join below.
person_years as (

    select
        parts.person_id,
        parts.person_role,
        parts.release_year,
        years.n_year_films,
        count(*) as n_films
    from parts
    inner join years
        on parts.release_year = years.release_year
    group by
        parts.person_id,
        parts.person_role,
        parts.release_year,
        years.n_year_films

),

-- Of a year's N films one made a and the other b: by chance they would meet in
-- a · b / N of them. Across all years at once every contemporary would look
-- like a partner.
met as (

    select
        pairs.first_role,
        pairs.first_person_id,
        pairs.second_person_id,
        cast(first_years.n_films * second_years.n_films as double precision)
        / first_years.n_year_films as n_expected_films
    from pairs
    inner join person_years as first_years
        on
            pairs.first_person_id = first_years.person_id
            and pairs.first_role = first_years.person_role
    inner join person_years as second_years
        on
            pairs.second_person_id = second_years.person_id
            and second_years.person_role = 'actor'
            and first_years.release_year = second_years.release_year

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
