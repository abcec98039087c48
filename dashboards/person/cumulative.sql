-- parameters: [id]
-- columns:
--   - { name: release_date, label: Released, format: date }
--   - { name: film, label: Film, format: text, link: movie, key: movie_id }
--   - { name: role, label: As, format: text }
--   - { name: film_number, label: Film number, format: count }
--   - { name: weighted_usd, label: Share of its gross, format: usd }
--   - { name: cumulative_usd, label: So far, format: usd }
--   - { name: movie_id, label: Film id, format: text, hidden: true }
select
    parts.release_date,
    movies.title as film,
    case parts.person_role when 'actor' then 'Actor' else 'Director' end as role,
    parts.film_number,
    parts.weighted_revenue_real_usd as weighted_usd,
    parts.cumulative_gross_real_usd as cumulative_usd,
    movies.movie_id
from mart_person_films as parts
inner join movies
    on parts.movie_id = movies.movie_id
where
    parts.person_id = $id
    and parts.is_counted
    and parts.cumulative_gross_real_usd is not null
order by parts.person_role, parts.film_number
