-- parameters: [id]
-- columns:
--   - { name: release_date, label: Released, format: date }
--   - { name: film, label: Film, format: text, link: movie, key: movie_id }
--   - { name: n_companies, label: Companies, format: count }
--   - { name: budget_usd, label: Budget, format: usd }
--   - { name: gross_usd, label: Gross, format: usd }
--   - { name: multiple, label: Gross ÷ budget, format: multiple }
--   - { name: outcome, label: Outcome, format: text }
--   - { name: gross_ratio, label: Gross ÷ films alike, format: multiple }
--   - { name: rating_score, label: Rating score, format: rating }
--   - { name: movie_id, label: Film id, format: text, hidden: true }
select
    movies.release_date,
    movies.title as film,
    cast(round(1 / bridge.company_weight) as bigint) as n_companies,
    movies.money_budget_usd as budget_usd,
    movies.money_revenue_usd as gross_usd,
    movies.multiple,
    movies.break_even_state as outcome,
    exp(movies.log_revenue_residual) as gross_ratio,
    movies.rating_score,
    movies.movie_id
from bridge_movies_production_companies as bridge
inner join movies
    on bridge.movie_id = movies.movie_id
where bridge.company_id = $id
order by movies.money_revenue_usd desc nulls last, movies.release_date desc, movies.movie_id
limit 500
