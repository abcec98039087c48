-- columns:
--   - { name: genre, label: Genre, format: text }
--   - { name: n_movies, label: Films with known money and 50 votes, format: count }
--   - { name: rating_score, label: Mean rating score, format: rating, n: n_movies }
--   - { name: median_multiple, label: Median gross ÷ budget, format: multiple, n: n_movies }
--   - { name: median_roi, label: Median return, format: percent, n: n_movies }
--   - { name: genre_id, label: Genre id, format: text, hidden: true }
--   - { name: known, label: Money, format: text, hidden: true }
select
    min(genres.genre_name) as genre,
    count(*) as n_movies,
    avg(movies.rating_score) as rating_score,
    percentile_cont(0.5) within group (order by movies.multiple) as median_multiple,
    percentile_cont(0.5) within group (order by movies.roi) as median_roi,
    bridge.genre_id,
    'analysed' as known
from movies
inner join bridge_movies_genres as bridge
    on movies.movie_id = bridge.movie_id
inner join dim_genres as genres
    on bridge.genre_id = genres.genre_id
where movies.is_analysed and movies.vote_count >= 50
group by bridge.genre_id
having count(*) >= 10
order by rating_score desc, genre
