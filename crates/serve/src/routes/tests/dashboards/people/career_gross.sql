-- parameters: [min_films]
-- columns:
--   - { name: person_name, label: Person, format: text }
--   - { name: n_movies, label: Films with known revenue, format: count }
--   - { name: coverage, label: Of films in principal roles, format: percent }
--   - { name: gross_usd, label: Gross in full, format: usd }
--   - { name: weighted_gross_usd, label: Shared by billing, format: usd }
--   - { name: median_gross_usd, label: Median film, format: usd }
--   - { name: person_id, label: Person id, format: text, hidden: true }
with

appearances as (

    select
        people.person_id,
        people.person_name,
        people.revenue_real_usd,
        people.billing_weight
    from mart_person_films as people
    inner join movies
        on people.movie_id = movies.movie_id
    where
        people.person_role = 'actor'
        and people.cast_order between 0 and 4
        and not people.is_voice

),

-- The medians are only worked out for the few that are shown. Decimals add up
-- alike in any order; doubles would differ in the last digit.
careers as (

    select
        person_id,
        count(revenue_real_usd) as n_movies,
        count(*) as n_appearances,
        cast(sum(revenue_real_usd) as bigint) as gross_usd,
        cast(
            sum(cast(revenue_real_usd * billing_weight as decimal(18, 2)))
            as double precision
        ) as weighted_gross_usd
    from appearances
    group by person_id
    having count(revenue_real_usd) >= $min_films
    order by gross_usd desc nulls last, person_id
    limit 25

)

select
    min(appearances.person_name) as person_name,
    careers.n_movies,
    cast(careers.n_movies as double precision) / careers.n_appearances as coverage,
    careers.gross_usd,
    careers.weighted_gross_usd,
    percentile_cont(0.5) within group (order by appearances.revenue_real_usd)
        as median_gross_usd,
    careers.person_id
from careers
inner join appearances
    on careers.person_id = appearances.person_id
group by
    careers.person_id,
    careers.n_movies,
    careers.n_appearances,
    careers.gross_usd,
    careers.weighted_gross_usd
order by careers.gross_usd desc nulls last, careers.person_id
