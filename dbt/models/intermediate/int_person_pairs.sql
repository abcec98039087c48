-- A table, because every pair of people in every film is counted here, and the
-- mart would count them again for each use.
{{ config(materialized='table') }}

with

parts as (

    select person_id, person_role, movie_id, release_year, log_revenue_residual
    from {{ ref('int_person_films') }}
    where is_counted and is_principal

),

-- Who made fewer films than a pair must share cannot be in one. Leaving them
-- out first makes the join of a film's people with themselves a small one.
frequent as (

    select person_id, person_role
    from parts
    group by person_id, person_role
    having count(*) >= {{ var('min_films_of_a_pair') }}

),

candidates as (

    select parts.*
    from parts
    inner join frequent
        on
            parts.person_id = frequent.person_id
            and parts.person_role = frequent.person_role

),

-- A director with an actor, or two actors in the order of their ids.
together as (

    select
        first_parts.person_role as first_role,
        first_parts.person_id as first_person_id,
        second_parts.person_id as second_person_id,
        first_parts.release_year,
        first_parts.log_revenue_residual
    from candidates as first_parts
    inner join candidates as second_parts
        on first_parts.movie_id = second_parts.movie_id
    where
        second_parts.person_role = 'actor'
        and (
            first_parts.person_role = 'director'
            and first_parts.person_id <> second_parts.person_id
            or first_parts.person_role = 'actor'
            and first_parts.person_id < second_parts.person_id
        )

),

final as (

    select
        first_role,
        first_person_id,
        second_person_id,
        count(*) as n_films,
        count(log_revenue_residual) as n_films_with_residual,
        {{ exact_mean('log_revenue_residual') }} as mean_residual,
        min(release_year) as first_year,
        max(release_year) as last_year
    from together
    group by first_role, first_person_id, second_person_id
    having count(*) >= {{ var('min_films_of_a_pair') }}

)

select * from final
