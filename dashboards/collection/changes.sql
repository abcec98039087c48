-- parameters: [id]
-- columns:
--   - { name: film, label: Film, format: text, link: movie, key: movie_id }
--   - { name: ratio, label: Gross ÷ film before, format: multiple }
--   - { name: revenue_change, label: Change, format: percent }
--   - { name: direction, label: Direction, format: text }
--   - { name: gap_years, label: Years after it, format: rating }
--   - { name: movie_id, label: Film id, format: text, hidden: true }
select
    title || ' (' || cast(release_year as text) || ')' as film,
    revenue_change + 1 as ratio,
    revenue_change,
    case when revenue_change >= 0 then 'More' else 'Less' end as direction,
    gap_years,
    movie_id
from mart_franchise_films
where collection_id = $id and revenue_change is not null
order by franchise_instalment
