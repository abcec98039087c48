-- parameters: [id]
-- columns:
--   - { name: person_name, label: Person, format: text, link: person, key: person_id }
--   - { name: n_films, label: Films together, format: count }
--   - { name: as_director, label: Of them as director, format: count }
--   - { name: first_year, label: From, format: year }
--   - { name: last_year, label: To, format: year }
--   - { name: gross_usd, label: Gross of those films, format: usd }
--   - { name: n_known_gross, label: Films behind the gross, format: count }
--   - { name: person_id, label: Person id, format: text, hidden: true }
with

worked as (

    select distinct movie_id
    from fact_credits
    where
        person_id = $id
        and not is_self
        and not is_archive_footage
        and coalesce(job, '') <> 'Thanks'

),

films as (

    select movies.movie_id, movies.release_year, movies.money_revenue_usd
    from worked
    inner join movies
        on worked.movie_id = movies.movie_id

),

others as (

    select
        people.person_id,
        people.movie_id,
        min(people.person_name) as person_name,
        max(case when people.person_role = 'director' then 1 else 0 end)
            as is_director
    from films
    inner join mart_person_films as people
        on films.movie_id = people.movie_id
    where
        people.person_id <> $id
        and people.is_counted
        and coalesce(people.cast_order, 0) <= 4
    group by people.person_id, people.movie_id

)

select
    min(others.person_name) as person_name,
    count(*) as n_films,
    cast(sum(others.is_director) as bigint) as as_director,
    min(films.release_year) as first_year,
    max(films.release_year) as last_year,
    cast(sum(films.money_revenue_usd) as bigint) as gross_usd,
    count(films.money_revenue_usd) as n_known_gross,
    others.person_id
from others
inner join films
    on others.movie_id = films.movie_id
group by others.person_id
having count(*) >= 2
order by n_films desc, gross_usd desc nulls last, others.person_id
limit 20
