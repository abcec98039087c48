-- parameters: [min_films]
-- columns:
--   - { name: person_name, label: Person, format: text }
--   - { name: n_movies, label: Leading roles with known revenue, format: count }
--   - { name: q1_gross_usd, label: Lower quarter, format: usd }
--   - { name: median_gross_usd, label: Median film, format: usd }
--   - { name: q3_gross_usd, label: Upper quarter, format: usd }
--   - { name: person_id, label: Person id, format: text, hidden: true }
with

leads as (

    select people.person_id, people.person_name, people.revenue_real_usd
    from mart_person_films as people
    inner join movies
        on people.movie_id = movies.movie_id
    where
        people.person_role = 'actor'
        and people.cast_order between 0 and 1
        and not people.is_voice
        and people.revenue_real_usd is not null

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
    percentile_cont(0.25) within group (order by leads.revenue_real_usd)
        as q1_gross_usd,
    percentile_cont(0.5) within group (order by leads.revenue_real_usd)
        as median_gross_usd,
    percentile_cont(0.75) within group (order by leads.revenue_real_usd)
        as q3_gross_usd,
    leads.person_id
from leads
inner join qualified
    on leads.person_id = qualified.person_id
group by leads.person_id
order by median_gross_usd desc, leads.person_id
limit 25
