-- columns:
--   - { name: genre, label: Genre, format: text }
--   - { name: genre_score, label: Genre and score, format: text, hidden: true }
--   - { name: n_movies, label: Films with known money and 50 votes, format: count }
--   - { name: rating_score, label: Mean rating score, format: rating, n: n_movies }
--   - { name: median_roi, label: Median return, format: percent, low: low_roi, high: high_roi, n: n_movies }
--   - { name: low_roi, label: Interval from, format: percent, hidden: true }
--   - { name: high_roi, label: Interval to, format: percent, hidden: true }
--   - { name: genre_id, label: Genre id, format: text, hidden: true }
--   - { name: known, label: Money, format: text, hidden: true }
--   - { name: votes_floor, label: Votes from, format: count, hidden: true }
with

places as (

    select
        bridge.genre_id,
        movies.rating_score,
        movies.roi,
        row_number() over (partition by bridge.genre_id order by movies.roi) as place,
        count(*) over (partition by bridge.genre_id) as n
    from movies
    inner join bridge_movies_genres as bridge
        on movies.movie_id = bridge.movie_id
    where movies.is_analysed and movies.vote_count >= 50

),

rated as (

    select
        genre_id,
        count(*) as n_movies,
        avg(rating_score) as rating_score,
        percentile_cont(0.5) within group (order by roi) as median_roi,
        min(roi) filter (where place >= (n + 1) / 2.0 - 0.98 * sqrt(n)) as low_roi,
        max(roi) filter (where place <= (n + 1) / 2.0 + 0.98 * sqrt(n)) as high_roi
    from places
    where n >= 10
    group by genre_id

)

select
    genres.genre_name as genre,
    genres.genre_name || '  '
        || cast(round(cast(rated.rating_score as numeric), 2) as varchar) as genre_score,
    rated.n_movies,
    rated.rating_score,
    rated.median_roi,
    rated.low_roi,
    rated.high_roi,
    rated.genre_id,
    'analysed' as known,
    50 as votes_floor
from rated
inner join dim_genres as genres
    on rated.genre_id = genres.genre_id
order by rated.rating_score desc, genre
