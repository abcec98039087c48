-- columns:
--   - { name: crowd, label: Large releases within a week, format: text }
--   - { name: n_movies, label: Films, format: count }
--   - { name: median_share, label: Gross against what such films take, format: percent, low: low_share, high: high_share, n: n_movies }
--   - { name: low_share, label: Interval from, format: percent, hidden: true }
--   - { name: high_share, label: Interval to, format: percent, hidden: true }
--   - { name: q1_share, label: Lower quarter, format: percent }
--   - { name: q3_share, label: Upper quarter, format: percent }
with

films as (

    select
        case
            when competition.n_competitors >= 6 then '6 or more'
            else cast(competition.n_competitors as varchar)
        end as crowd,
        competition.log_revenue_residual as residual
    from mart_competition as competition
    inner join movies
        on competition.movie_id = movies.movie_id
    where movies.is_analysed and competition.log_revenue_residual is not null

),

places as (

    select
        crowd,
        residual,
        row_number() over (partition by crowd order by residual) as place,
        count(*) over (partition by crowd) as n
    from films

)

select
    crowd,
    count(*) as n_movies,
    exp(percentile_cont(0.5) within group (order by residual)) - 1 as median_share,
    exp(min(residual) filter (where place >= (n + 1) / 2.0 - 0.98 * sqrt(n))) - 1
        as low_share,
    exp(max(residual) filter (where place <= (n + 1) / 2.0 + 0.98 * sqrt(n))) - 1
        as high_share,
    exp(percentile_cont(0.25) within group (order by residual)) - 1 as q1_share,
    exp(percentile_cont(0.75) within group (order by residual)) - 1 as q3_share
from places
where n >= 10
group by crowd
order by crowd
