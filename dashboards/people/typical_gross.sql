-- parameters: [min_films]
-- columns:
--   - { name: person_name, label: Person, format: text }
--   - { name: n_movies, label: Leading roles with known revenue, format: count }
--   - { name: q1_gross_usd, label: Lower quarter, format: usd }
--   - { name: median_gross_usd, label: Median film, format: usd }
--   - { name: q3_gross_usd, label: Upper quarter, format: usd }
--   - { name: person_id, label: Person id, format: text, hidden: true }
select
    people.person_name,
    count(*) as n_movies,
    percentile_cont(0.25) within group (order by people.revenue_real_usd)
        as q1_gross_usd,
    percentile_cont(0.5) within group (order by people.revenue_real_usd)
        as median_gross_usd,
    percentile_cont(0.75) within group (order by people.revenue_real_usd)
        as q3_gross_usd,
    people.person_id
from mart_person_films as people
inner join movies
    on people.movie_id = movies.movie_id
where
    people.person_role = 'actor'
    and people.cast_order between 0 and 1
    and not people.is_voice
    and people.revenue_real_usd is not null
group by people.person_id, people.person_name
having count(*) >= $min_films
order by median_gross_usd desc, people.person_id
limit 25
