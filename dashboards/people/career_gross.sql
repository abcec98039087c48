-- parameters: [min_films]
-- columns:
--   - { name: person_name, label: Person, format: text }
--   - { name: n_movies, label: Films with known revenue, format: count }
--   - { name: coverage, label: Of films in principal roles, format: percent }
--   - { name: gross_usd, label: Gross in full, format: usd }
--   - { name: weighted_gross_usd, label: Shared by billing, format: usd }
--   - { name: median_gross_usd, label: Median film, format: usd }
--   - { name: person_id, label: Person id, format: text, hidden: true }
select
    people.person_name,
    count(people.revenue_real_usd) as n_movies,
    cast(count(people.revenue_real_usd) as double precision) / count(*) as coverage,
    sum(people.revenue_real_usd) as gross_usd,
    sum(people.revenue_real_usd * people.billing_weight) as weighted_gross_usd,
    percentile_cont(0.5) within group (order by people.revenue_real_usd)
        as median_gross_usd,
    people.person_id
from mart_person_films as people
inner join movies
    on people.movie_id = movies.movie_id
where people.person_role = 'actor' and not people.is_voice
group by people.person_id, people.person_name
having count(people.revenue_real_usd) >= $min_films
order by gross_usd desc, people.person_id
limit 25
