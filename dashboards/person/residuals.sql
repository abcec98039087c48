-- parameters: [id]
-- columns:
--   - { name: release_date, label: Released, format: date }
--   - { name: film, label: Film, format: text, link: movie, key: movie_id }
--   - { name: role, label: As, format: text }
--   - { name: gross_ratio, label: Gross ÷ films alike, format: multiple }
--   - { name: rolling_ratio, label: Median of three, format: multiple }
--   - { name: gross_usd, label: Gross, format: usd }
--   - { name: expected_usd, label: Films alike take, format: usd }
--   - { name: movie_id, label: Film id, format: text, hidden: true }
select
    parts.release_date,
    movies.title as film,
    case parts.person_role when 'actor' then 'Actor' else 'Director' end as role,
    exp(parts.log_revenue_residual) as gross_ratio,
    exp(parts.rolling_median_residual) as rolling_ratio,
    movies.revenue_real_usd as gross_usd,
    movies.expected_revenue_real_usd as expected_usd,
    movies.movie_id
from mart_person_films as parts
inner join movies
    on parts.movie_id = movies.movie_id
where
    parts.person_id = $id
    and parts.is_counted
    and coalesce(parts.cast_order, 0) <= 4
    and parts.log_revenue_residual is not null
order by parts.person_role, parts.release_date, movies.movie_id
