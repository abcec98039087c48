-- parameters: [id]
-- columns:
--   - { name: genre, label: Genre, format: text }
--   - { name: n_movies, label: Films, format: count }
--   - { name: n_analysis, label: With known money, format: count }
--   - { name: median_roi, label: Median return, format: percent, n: n_analysis }
--   - { name: median_gross_usd, label: Median gross, format: usd }
--   - { name: genre_id, label: Genre id, format: text, hidden: true }
select
    genres.genre_name as genre,
    count(*) as n_movies,
    count(*) filter (where movies.is_analysed) as n_analysis,
    percentile_cont(0.5) within group (order by movies.roi)
        filter (where movies.is_analysed) as median_roi,
    percentile_cont(0.5) within group (order by movies.money_revenue_usd)
        as median_gross_usd,
    genres.genre_id
from bridge_movies_production_companies as companies
inner join movies
    on companies.movie_id = movies.movie_id
inner join bridge_movies_genres as bridge
    on movies.movie_id = bridge.movie_id
inner join dim_genres as genres
    on bridge.genre_id = genres.genre_id
where companies.company_id = $id
group by genres.genre_id, genres.genre_name
order by n_movies desc, genres.genre_id
