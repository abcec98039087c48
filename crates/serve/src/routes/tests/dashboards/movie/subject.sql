-- parameters: [id]
-- columns:
--   - { name: title, label: Title, format: text }
--   - { name: subtitle, label: Subtitle, format: text }
--   - { name: image_path, label: Poster, format: text }
--   - { name: is_in_population, label: Counted, format: flag }
--   - { name: revenue_usd, label: Gross, format: usd }
select
    title,
    cast(release_year as varchar) || ', ' || language_name as subtitle,
    case when movie_id = 1 then '/one.jpg' end as image_path,
    is_in_population,
    revenue_usd
from mart_movies
where movie_id = $id
