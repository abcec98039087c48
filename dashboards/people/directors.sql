-- parameters: [min_films]
-- columns:
--   - { name: person_name, label: Director, format: text }
--   - { name: n_movies, label: Films with known revenue, format: count }
--   - { name: gross_usd, label: Gross of films directed, format: usd }
--   - { name: median_gross_usd, label: Median film, format: usd }
--   - { name: rating_score, label: Mean rating score, format: rating }
--   - { name: gross_rank, label: Rank by gross, format: count }
--   - { name: person_id, label: Person id, format: text, hidden: true }
with

directors as (

    select
        people.person_id,
        people.person_name,
        count(*) as n_movies,
        sum(people.revenue_real_usd) as gross_usd,
        percentile_cont(0.5) within group (order by people.revenue_real_usd)
            as median_gross_usd,
        avg(movies.rating_score) as rating_score
    from mart_person_films as people
    inner join movies
        on people.movie_id = movies.movie_id
    where
        people.person_role = 'director'
        and people.revenue_real_usd is not null
    group by people.person_id, people.person_name
    having count(*) >= $min_films

)

select
    person_name,
    n_movies,
    gross_usd,
    median_gross_usd,
    rating_score,
    row_number() over (order by gross_usd desc, person_id) as gross_rank,
    person_id
from directors
order by gross_rank
limit 60
