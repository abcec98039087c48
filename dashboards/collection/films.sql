-- parameters: [id]
-- columns:
--   - { name: franchise_instalment, label: Number, format: count }
--   - { name: film, label: Film, format: text, link: movie, key: movie_id }
--   - { name: release_date, label: Released, format: date }
--   - { name: gap_years, label: Years after, format: rating }
--   - { name: budget_usd, label: Budget, format: usd }
--   - { name: gross_usd, label: Gross, format: usd }
--   - { name: revenue_change, label: Against the film before, format: percent }
--   - { name: roi, label: Return, format: percent }
--   - { name: gross_ratio, label: Gross ÷ films alike, format: multiple }
--   - { name: outcome, label: Outcome, format: text }
--   - { name: rating_score, label: Rating score, format: rating }
--   - { name: status, label: Status, format: text }
--   - { name: movie_id, label: Film id, format: text, hidden: true }
select
    films.franchise_instalment,
    films.title as film,
    films.release_date,
    chain.gap_years,
    films.budget_real_usd as budget_usd,
    films.revenue_real_usd as gross_usd,
    chain.revenue_change,
    films.roi,
    exp(films.log_revenue_residual) as gross_ratio,
    films.break_even_state as outcome,
    films.rating_score,
    films.status,
    films.movie_id
from mart_movies as films
left join mart_franchise_films as chain
    on films.movie_id = chain.movie_id
where films.collection_id = $id
order by films.release_date nulls last, films.movie_id
