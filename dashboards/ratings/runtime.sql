-- columns:
--   - { name: runtime, label: Minutes from, format: count }
--   - { name: n_movies, label: Films with known money, format: count }
--   - { name: median_roi, label: Median return, format: percent, low: low_roi, high: high_roi, n: n_movies }
--   - { name: low_roi, label: Interval from, format: percent, hidden: true }
--   - { name: high_roi, label: Interval to, format: percent, hidden: true }
--   - { name: n_rated, label: With 50 votes, format: count }
--   - { name: rating_score, label: Median rating score, format: rating, n: n_rated }
--   - { name: known, label: Money, format: text, hidden: true }
with

places as (

    select
        runtime_bin_start,
        roi,
        case when vote_count >= 50 then rating_score end as rating_score,
        row_number() over (partition by runtime_bin_start order by roi) as place,
        count(*) over (partition by runtime_bin_start) as n
    from movies
    where is_analysed and runtime_bin_start is not null

)

select
    runtime_bin_start as runtime,
    count(*) as n_movies,
    percentile_cont(0.5) within group (order by roi) as median_roi,
    min(roi) filter (where place >= (n + 1) / 2.0 - 0.98 * sqrt(n)) as low_roi,
    max(roi) filter (where place <= (n + 1) / 2.0 + 0.98 * sqrt(n)) as high_roi,
    count(rating_score) as n_rated,
    case when count(rating_score) >= 10 then
        percentile_cont(0.5) within group (order by rating_score)
    end as rating_score,
    'analysed' as known
from places
where n >= 10
group by runtime_bin_start
order by runtime_bin_start
