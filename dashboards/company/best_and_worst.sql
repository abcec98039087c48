-- parameters: [id]
-- columns:
--   - { name: film, label: Film, format: text, link: movie, key: movie_id }
--   - { name: gross_ratio, label: Gross ÷ films alike, format: multiple }
--   - { name: gross_usd, label: Gross, format: usd }
--   - { name: expected_usd, label: Films alike take, format: usd }
--   - { name: budget_usd, label: Budget, format: usd }
--   - { name: side, label: Side, format: text }
--   - { name: movie_id, label: Film id, format: text, hidden: true }
with

films as (

    select
        movies.*,
        row_number() over (
            order by movies.log_revenue_residual desc, movies.movie_id
        ) as from_top,
        row_number() over (order by movies.log_revenue_residual, movies.movie_id)
            as from_bottom
    from bridge_movies_production_companies as bridge
    inner join movies
        on bridge.movie_id = movies.movie_id
    where bridge.company_id = $id and movies.log_revenue_residual is not null

)

select
    title || ' (' || cast(release_year as text) || ')' as film,
    exp(log_revenue_residual) as gross_ratio,
    revenue_real_usd as gross_usd,
    expected_revenue_real_usd as expected_usd,
    budget_real_usd as budget_usd,
    case when log_revenue_residual >= 0 then 'More' else 'Less' end as side,
    movie_id
from films
where from_top <= 8 or from_bottom <= 8
order by log_revenue_residual desc, movie_id
