-- parameters: [role, min_films]
-- columns:
--   - { name: person_name, label: Person, format: text, link: person, key: person_id }
--   - { name: n_movies, label: Films with known gross, format: count }
--   - { name: q1_gross_usd, label: Lower quarter, format: usd }
--   - { name: median_gross_usd, label: Median film, format: usd }
--   - { name: q3_gross_usd, label: Upper quarter, format: usd }
--   - { name: person_id, label: Person id, format: text, hidden: true }
with

leads as materialized (

    select
        people.person_id,
        people.person_name,
        movies.money_revenue_usd as gross_usd
    from movies
    inner join mart_person_films as people
        on movies.movie_id = people.movie_id
    where
        movies.money_revenue_usd is not null
        and people.revenue_usd is not null
        and people.person_role = $role
        and people.is_counted
        and coalesce(people.cast_order, 0) <= 1

),

-- Most people led one film: leaving them out first spares their medians.
qualified as (

    select person_id
    from leads
    group by person_id
    having count(*) >= $min_films

)

select
    min(leads.person_name) as person_name,
    count(*) as n_movies,
    percentile_cont(0.25) within group (order by leads.gross_usd) as q1_gross_usd,
    percentile_cont(0.5) within group (order by leads.gross_usd)
        as median_gross_usd,
    percentile_cont(0.75) within group (order by leads.gross_usd) as q3_gross_usd,
    leads.person_id
from leads
inner join qualified
    on leads.person_id = qualified.person_id
group by leads.person_id
order by median_gross_usd desc, leads.person_id
limit 25
