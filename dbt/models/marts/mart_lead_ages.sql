with

parts as (

    select person_id, billing, release_year, release_date
    from {{ ref('int_person_films') }}
    where is_counted and person_role = 'actor' and is_principal

),

people as (

    select person_id, gender, birth_date
    from {{ ref('dim_people') }}

),

aged as (

    select
        {{ era_of('parts.release_year') }} as era_start_year,
        parts.billing,
        coalesce(people.gender, 'unknown') as gender,
        {{ age_on('people.birth_date', 'parts.release_date') | indent(8) }}
            as age_years

    from parts
    left join people
        on parts.person_id = people.person_id

),

grouped as (

    select
        era_start_year,
        billing,
        gender,
        count(*) as n_parts,
        count(age_years) as n_known_ages,
        {{ quantile('age_years', 0.25) }} as age_q1_years,
        {{ quantile('age_years', 0.5) }} as median_age_years,
        {{ quantile('age_years', 0.75) }} as age_q3_years
    from aged
    group by era_start_year, billing, gender

),

final as (

    select
        era_start_year,
        billing,
        gender,
        n_parts,
        n_known_ages,
        cast(n_known_ages as double precision) / n_parts as age_coverage,
        {{ sample_size_guard('n_known_ages') | indent(8) }} as sample_size_guard,
        age_q1_years,
        median_age_years,
        age_q3_years

    from grouped

)

select * from final
