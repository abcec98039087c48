-- parameters: [money]
-- columns:
--   - { name: release_year, label: Year, format: year }
--   - { name: measure, label: Measure, format: text }
--   - { name: n_movies, label: Films with known money, format: count }
--   - { name: q1_usd, label: Lower quarter, format: usd }
--   - { name: median_usd, label: Median, format: usd }
--   - { name: q3_usd, label: Upper quarter, format: usd }
with

amounts as (

    select
        release_year,
        'Budget' as measure,
        case when $money = 'real' then budget_real_usd else budget_usd end as amount_usd
    from movies
    where is_in_analysis_set

    union all

    select
        release_year,
        'Revenue' as measure,
        case when $money = 'real' then revenue_real_usd else revenue_usd end as amount_usd
    from movies
    where is_in_analysis_set

)

select
    release_year,
    measure,
    count(*) as n_movies,
    case when count(*) >= 10 then
        percentile_cont(0.25) within group (order by amount_usd)
    end as q1_usd,
    case when count(*) >= 10 then
        percentile_cont(0.5) within group (order by amount_usd)
    end as median_usd,
    case when count(*) >= 10 then
        percentile_cont(0.75) within group (order by amount_usd)
    end as q3_usd
from amounts
group by release_year, measure
order by release_year, measure
