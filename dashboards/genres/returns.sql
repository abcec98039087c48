-- parameters: [attribution]
-- columns:
--   - { name: genre, label: Genre, format: text }
--   - { name: n_movies, label: Films with known money, format: count }
--   - { name: median_roi, label: Median return, format: percent, low: low_roi, high: high_roi, n: n_movies }
--   - { name: low_roi, label: Interval from, format: percent, hidden: true }
--   - { name: high_roi, label: Interval to, format: percent, hidden: true }
--   - { name: q1_roi, label: Lower quarter, format: percent }
--   - { name: q3_roi, label: Upper quarter, format: percent }
--   - { name: portfolio_roi, label: If all were funded, format: percent, n: n_movies }
--   - { name: genre_id, label: Genre id, format: text, hidden: true }
--   - { name: known, label: Money, format: text, hidden: true }
--   - { name: policy, label: Genre policy, format: text, hidden: true }
with

-- The interval of a median is that of its order statistics.
places as (

    select
        bridge.genre_id,
        movies.roi,
        movies.budget_usd,
        movies.gross_margin_usd,
        row_number() over (partition by bridge.genre_id order by movies.roi) as place,
        count(*) over (partition by bridge.genre_id) as n
    from movies
    inner join bridge_movies_genres as bridge
        on movies.movie_id = bridge.movie_id
    where movies.is_analysed and ($attribution = 'full' or bridge.is_primary)

),

returns as (

    select
        genre_id,
        count(*) as n_movies,
        percentile_cont(0.25) within group (order by roi) as q1_roi,
        percentile_cont(0.5) within group (order by roi) as median_roi,
        percentile_cont(0.75) within group (order by roi) as q3_roi,
        min(roi) filter (where place >= (n + 1) / 2.0 - 0.98 * sqrt(n)) as low_roi,
        max(roi) filter (where place <= (n + 1) / 2.0 + 0.98 * sqrt(n)) as high_roi,
        cast(sum(gross_margin_usd) as double precision) / sum(budget_usd)
            as portfolio_roi
    from places
    group by genre_id

)

select
    genres.genre_name as genre,
    returns.n_movies,
    case when returns.n_movies >= 10 then returns.median_roi end as median_roi,
    case when returns.n_movies >= 10 then returns.low_roi end as low_roi,
    case when returns.n_movies >= 10 then returns.high_roi end as high_roi,
    case when returns.n_movies >= 10 then returns.q1_roi end as q1_roi,
    case when returns.n_movies >= 10 then returns.q3_roi end as q3_roi,
    case when returns.n_movies >= 10 then returns.portfolio_roi end as portfolio_roi,
    returns.genre_id,
    'analysed' as known,
    case when $attribution = 'primary' then 'primary' else 'any' end as policy
from returns
inner join dim_genres as genres
    on returns.genre_id = genres.genre_id
order by
    case when returns.n_movies >= 30 then 1 when returns.n_movies >= 10 then 2 else 3 end,
    case when returns.n_movies >= 10 then returns.median_roi end desc nulls last,
    returns.n_movies desc,
    genre
