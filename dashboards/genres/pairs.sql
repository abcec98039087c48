-- columns:
--   - { name: genre, label: Genre, format: text }
--   - { name: other_genre, label: And, format: text }
--   - { name: n_movies, label: Films with both, format: count }
--   - { name: median_roi, label: Median return, format: percent, low: low_roi, high: high_roi, n: n_movies }
--   - { name: low_roi, label: Interval from, format: percent, hidden: true }
--   - { name: high_roi, label: Interval to, format: percent, hidden: true }
--   - { name: lift, label: Gross ÷ budget against the first genre, format: multiple }
--   - { name: other_lift, label: Against the second, format: multiple }
--   - { name: genre_id, label: Genre id, format: text, hidden: true }
--   - { name: known, label: Money, format: text, hidden: true }
with

films as (

    select bridge.genre_id, movies.movie_id, movies.roi
    from movies
    inner join bridge_movies_genres as bridge
        on movies.movie_id = bridge.movie_id
    where movies.is_analysed

),

genre_medians as (

    select
        films.genre_id,
        min(genres.genre_name) as genre_name,
        percentile_cont(0.5) within group (order by films.roi) as median_roi
    from films
    inner join dim_genres as genres
        on films.genre_id = genres.genre_id
    group by films.genre_id

),

places as (

    select
        films.genre_id,
        others.genre_id as other_genre_id,
        films.roi,
        row_number() over (
            partition by films.genre_id, others.genre_id order by films.roi
        ) as place,
        count(*) over (partition by films.genre_id, others.genre_id) as n
    from films
    inner join films as others
        on films.movie_id = others.movie_id and films.genre_id <> others.genre_id

),

pairs as (

    select
        genre_id,
        other_genre_id,
        count(*) as n_movies,
        percentile_cont(0.5) within group (order by roi) as median_roi,
        min(roi) filter (where place >= (n + 1) / 2.0 - 0.98 * sqrt(n)) as low_roi,
        max(roi) filter (where place <= (n + 1) / 2.0 + 0.98 * sqrt(n)) as high_roi
    from places
    where n >= 15
    group by genre_id, other_genre_id

)

select
    firsts.genre_name as genre,
    seconds.genre_name as other_genre,
    pairs.n_movies,
    pairs.median_roi,
    pairs.low_roi,
    pairs.high_roi,
    (pairs.median_roi + 1) / nullif(firsts.median_roi + 1, 0) as lift,
    (pairs.median_roi + 1) / nullif(seconds.median_roi + 1, 0) as other_lift,
    pairs.genre_id,
    'analysed' as known
from pairs
inner join genre_medians as firsts
    on pairs.genre_id = firsts.genre_id
inner join genre_medians as seconds
    on pairs.other_genre_id = seconds.genre_id
where firsts.genre_name < seconds.genre_name
order by pairs.median_roi desc, genre, other_genre
