-- parameters: [min_films]
-- columns:
--   - { name: person_name, label: Director, format: text }
--   - { name: n_movies, label: Films with known revenue, format: count }
--   - { name: gross_usd, label: Gross of films directed, format: usd }
--   - { name: median_gross_usd, label: Median film, format: usd }
--   - { name: rating_score, label: Mean rating score, format: rating }
--   - { name: gross_rank, label: Rank by gross, format: count }
--   - { name: rating_rank, label: Rank by rating, format: count, hidden: true }
--   - { name: person_id, label: Person id, format: text, hidden: true }
with

directed as (

    select
        people.person_id,
        people.person_name,
        people.revenue_real_usd,
        movies.rating_score
    from mart_person_films as people
    inner join movies
        on people.movie_id = movies.movie_id
    where
        people.person_role = 'director'
        and people.revenue_real_usd is not null

),

totals as (

    select person_id, cast(sum(revenue_real_usd) as bigint) as gross_usd
    from directed
    group by person_id
    having count(*) >= $min_films
    order by gross_usd desc, person_id
    limit 60

),

-- Decimals add up alike in any order; doubles would differ in the last digit.
directors as (

    select
        totals.person_id,
        totals.gross_usd,
        min(directed.person_name) as person_name,
        count(*) as n_movies,
        percentile_cont(0.5) within group (order by directed.revenue_real_usd)
            as median_gross_usd,
        cast(
            avg(cast(directed.rating_score as decimal(9, 6))) as double precision
        ) as rating_score
    from totals
    inner join directed
        on totals.person_id = directed.person_id
    group by totals.person_id, totals.gross_usd

)

select
    person_name,
    n_movies,
    gross_usd,
    median_gross_usd,
    rating_score,
    row_number() over (order by gross_usd desc, person_id) as gross_rank,
    row_number() over (order by rating_score desc nulls last, person_id)
        as rating_rank,
    person_id
from directors
order by gross_rank
