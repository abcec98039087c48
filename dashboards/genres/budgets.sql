-- parameters: [attribution]
-- columns:
--   - { name: genre, label: Genre, format: text }
--   - { name: class_label, label: "Real budget, $ M", format: text }
--   - { name: n_movies, label: Films with known money, format: count }
--   - { name: median_roi, label: Median return, format: percent, low: low_roi, high: high_roi, n: n_movies }
--   - { name: low_roi, label: Interval from, format: percent, hidden: true }
--   - { name: high_roi, label: Interval to, format: percent, hidden: true }
--   - { name: cell, label: Cell, format: text, hidden: true }
--   - { name: genre_id, label: Genre id, format: text, hidden: true }
--   - { name: budget_class, label: Budget class, format: text, hidden: true }
--   - { name: known, label: Money, format: text, hidden: true }
--   - { name: policy, label: Genre policy, format: text, hidden: true }
with

places as (

    select
        bridge.genre_id,
        movies.budget_class,
        movies.roi,
        row_number() over (
            partition by bridge.genre_id, movies.budget_class order by movies.roi
        ) as place,
        count(*) over (partition by bridge.genre_id, movies.budget_class) as n,
        count(*) over (partition by bridge.genre_id) as n_genre
    from movies
    inner join bridge_movies_genres as bridge
        on movies.movie_id = bridge.movie_id
    where
        movies.is_analysed
        and movies.budget_class is not null
        and ($attribution = 'full' or bridge.is_primary)

),

cells as (

    select
        genre_id,
        budget_class,
        count(*) as n_movies,
        percentile_cont(0.5) within group (order by roi) as median_roi,
        min(roi) filter (where place >= (n + 1) / 2.0 - 0.98 * sqrt(n)) as low_roi,
        max(roi) filter (where place <= (n + 1) / 2.0 + 0.98 * sqrt(n)) as high_roi
    from places
    where n_genre >= 30 and n >= 10
    group by genre_id, budget_class

)

select
    genres.genre_name as genre,
    case cells.budget_class
        when 'micro' then 'under 1'
        when 'low' then '1-10'
        when 'mid' then '10-50'
        when 'upper-mid' then '50-100'
        else 'over 100'
    end as class_label,
    cells.n_movies,
    cells.median_roi,
    cells.low_roi,
    cells.high_roi,
    cast(cast(round(cast(100 * cells.median_roi as numeric)) as bigint) as varchar)
        || case when cells.n_movies < 30 then ' ○' else '' end as cell,
    cells.genre_id,
    cells.budget_class,
    'analysed' as known,
    case when $attribution = 'primary' then 'primary' else 'any' end as policy
from cells
inner join dim_genres as genres
    on cells.genre_id = genres.genre_id
order by genre, cells.budget_class
