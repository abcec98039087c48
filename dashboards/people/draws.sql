-- parameters: [role]
-- columns:
--   - { name: person_name, label: Person, format: text, link: person, key: person_id }
--   - { name: release_year, label: Year, format: year }
--   - { name: best_rank, label: Best place of the year, format: count }
--   - { name: n_top_films, label: Films in the year's top ten, format: count }
--   - { name: streak_years, label: Years in a row, format: count }
--   - { name: n_top_years, label: Years in all, format: count }
--   - { name: longest_streak_years, label: Longest run, format: count }
--   - { name: joined_year, label: Joined to, format: year, hidden: true }
--   - { name: person_id, label: Person id, format: text, hidden: true }
with

people as (

    select person_id, max(n_top_years) as n_top_years
    from mart_person_draws
    where person_role = $role
    group by person_id
    order by
        max(n_top_years) desc,
        max(longest_streak_years) desc,
        sum(n_top_films) desc,
        person_id
    limit 25

)

select
    draws.person_name,
    draws.release_year,
    draws.best_rank,
    draws.n_top_films,
    draws.streak_years,
    draws.n_top_years,
    draws.longest_streak_years,
    -- The year before where the run goes on, else the year itself.
    coalesce(before.release_year, draws.release_year) as joined_year,
    draws.person_id
from mart_person_draws as draws
inner join people
    on draws.person_id = people.person_id
left join mart_person_draws as before
    on
        draws.person_id = before.person_id
        and draws.person_role = before.person_role
        and draws.release_year = before.release_year + 1
where draws.person_role = $role
order by
    draws.n_top_years desc,
    draws.longest_streak_years desc,
    draws.person_id,
    draws.release_year
