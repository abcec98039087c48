-- parameters: [id]
-- columns:
--   - { name: export_date, label: Day, format: date }
--   - { name: popularity, label: Popularity, format: number }
--   - { name: popularity_rank, label: Rank among films, format: count }
select export_date, popularity, popularity_rank
from fact_popularity_daily
where media_type = 'movie' and media_id = $id
order by export_date
