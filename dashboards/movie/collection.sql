-- parameters: [id]
-- columns:
--   - { name: franchise_instalment, label: Number, format: count }
--   - { name: title, label: Film, format: text, link: movie, key: movie_id }
--   - { name: release_date, label: Released, format: date }
--   - { name: budget_real_usd, label: Budget in real dollars, format: usd }
--   - { name: revenue_real_usd, label: Gross in real dollars, format: usd }
--   - { name: revenue_change, label: Against the film before, format: percent }
--   - { name: roi, label: Return, format: percent }
--   - { name: here, label: This film, format: text }
--   - { name: movie_id, label: Film id, format: text, hidden: true }
select
    films.franchise_instalment,
    films.title,
    films.release_date,
    films.budget_real_usd,
    films.revenue_real_usd,
    films.revenue_change,
    films.roi,
    case when films.movie_id = $id then '●' end as here,
    films.movie_id
from mart_franchise_films as films
inner join mart_movies as own
    on films.collection_id = own.collection_id
where own.movie_id = $id
order by films.franchise_instalment
