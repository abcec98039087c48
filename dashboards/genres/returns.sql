-- parameters: [attribution]
-- columns:
--   - { name: genre, label: Genre, format: text }
--   - { name: n_movies, label: Films with known money, format: count }
--   - { name: coverage, label: Coverage, format: percent }
--   - { name: median_roi, label: Median return, format: percent, low: low_roi, high: high_roi, n: n_movies }
--   - { name: low_roi, label: Interval from, format: percent, hidden: true }
--   - { name: high_roi, label: Interval to, format: percent, hidden: true }
--   - { name: q1_roi, label: Lower quarter, format: percent }
--   - { name: q3_roi, label: Upper quarter, format: percent }
--   - { name: portfolio_roi, label: If all were funded, format: percent, n: n_movies }
--   - { name: guard, label: Sample, format: text, hidden: true }
--   - { name: genre_id, label: Genre id, format: text, hidden: true }
--   - { name: known, label: Money, format: text, hidden: true }
--   - { name: policy, label: Genre policy, format: text, hidden: true }
with

films as (

    select
        bridge.genre_id,
        movies.is_analysed,
        movies.roi,
        movies.budget_usd,
        movies.gross_margin_usd
    from movies
    inner join bridge_movies_genres as bridge
        on movies.movie_id = bridge.movie_id
    where $attribution = 'full' or bridge.is_primary

),

counts as (

    select
        genre_id,
        count(*) as n_population,
        count(*) filter (where is_analysed) as n_movies
    from films
    group by genre_id

),

-- The interval of a median is that of its order statistics.
places as (

    select
        genre_id,
        roi,
        budget_usd,
        gross_margin_usd,
        row_number() over (partition by genre_id order by roi) as place,
        count(*) over (partition by genre_id) as n
    from films
    where is_analysed

),

returns as (

    select
        genre_id,
        percentile_cont(0.25) within group (order by roi) as q1_roi,
        percentile_cont(0.5) within group (order by roi) as median_roi,
        percentile_cont(0.75) within group (order by roi) as q3_roi,
        min(roi) filter (where place >= (n + 1) / 2.0 - 0.98 * sqrt(n)) as low_roi,
        max(roi) filter (where place <= (n + 1) / 2.0 + 0.98 * sqrt(n)) as high_roi,
        cast(sum(gross_margin_usd) as double precision) / sum(budget_usd)
            as portfolio_roi
    from places
    group by genre_id
    having count(*) >= 10

)

select
    genres.genre_name as genre,
    counts.n_movies,
    cast(counts.n_movies as double precision) / counts.n_population as coverage,
    returns.median_roi,
    returns.low_roi,
    returns.high_roi,
    returns.q1_roi,
    returns.q3_roi,
    returns.portfolio_roi,
    case
        when counts.n_movies < 10 then 'too few'
        when counts.n_movies < 30 then 'small'
        else 'enough'
    end as guard,
    counts.genre_id,
    'analysed' as known,
    case when $attribution = 'primary' then 'primary' else 'any' end as policy
from counts
inner join dim_genres as genres
    on counts.genre_id = genres.genre_id
left join returns
    on counts.genre_id = returns.genre_id
order by
    case when counts.n_movies >= 30 then 1 when counts.n_movies >= 10 then 2 else 3 end,
    returns.median_roi desc nulls last,
    counts.n_movies desc,
    genre
