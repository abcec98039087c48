-- A career's last film has its number of films and its shared gross.
with

last_films as (

    select
        person_id,
        person_role,
        max(film_number) as n_films,
        max(cumulative_gross_real_usd) as gross_real_usd
    from {{ ref('mart_person_films') }}
    where is_counted
    group by person_id, person_role

)

select
    careers.person_id,
    careers.person_role,
    careers.n_films,
    last_films.n_films as n_films_listed,
    careers.weighted_gross_real_usd,
    last_films.gross_real_usd
from {{ ref('mart_person_career') }} as careers
full outer join last_films
    on
        careers.person_id = last_films.person_id
        and careers.person_role = last_films.person_role
where
    coalesce(careers.n_films, 0) <> coalesce(last_films.n_films, 0)
    or coalesce(careers.weighted_gross_real_usd, -1)
    <> coalesce(last_films.gross_real_usd, -1)
