-- parameters: [period]
-- columns:
--   - { name: period_name, label: Period, format: text }
--   - { name: n_movies, label: Films with known money, format: count }
--   - { name: plain, label: Median gross against the year's, format: percent, n: n_movies }
--   - { name: adjusted, label: Gross against what such films take, format: percent, low: low, high: high, n: n_movies }
--   - { name: low, label: Interval from, format: percent, hidden: true }
--   - { name: high, label: Interval to, format: percent, hidden: true }
--   - { name: median_usd, label: Median gross, format: usd, n: n_movies }
--   - { name: period_order, label: Order, format: count, hidden: true }
--   - { name: window_value, label: Window, format: text, hidden: true }
--   - { name: month_value, label: Month, format: text, hidden: true }
--   - { name: known, label: Money, format: text, hidden: true }
with

films as (

    select
        case when $period = 'window' then release_window end as window_value,
        case when $period = 'month' then release_month end as month_value,
        case when $period = 'dump' then is_dump_period end as is_dump,
        money_revenue_usd,
        log_revenue_residual
    from movies
    where is_analysed and log_revenue_residual is not null and release_date is not null

),

periods as (

    select
        window_value,
        month_value,
        is_dump,
        count(*) as n_movies,
        percentile_cont(0.5) within group (order by money_revenue_usd) as median_usd,
        avg(log_revenue_residual) as residual,
        stddev_samp(log_revenue_residual) / sqrt(count(*)) as error
    from films
    group by window_value, month_value, is_dump
    having count(*) >= 10

),

years as (

    select
        percentile_cont(0.5) within group (order by money_revenue_usd) as median_usd,
        avg(log_revenue_residual) as residual
    from films

)

-- The mean residual of the year is below 0, for failures are deeper than
-- successes are high: what counts is the difference from it.
select
    case
        when periods.window_value is not null then periods.window_value
        when periods.month_value is not null then months.month_name
        when periods.is_dump then 'January, February, mid-August to September'
        else 'Rest of the year'
    end as period_name,
    periods.n_movies,
    periods.median_usd / years.median_usd - 1 as plain,
    exp(periods.residual - years.residual) - 1 as adjusted,
    exp(periods.residual - years.residual - 1.96 * periods.error) - 1 as low,
    exp(periods.residual - years.residual + 1.96 * periods.error) - 1 as high,
    periods.median_usd,
    coalesce(periods.month_value, case periods.window_value
        when 'Winter' then 1
        when 'Spring' then 2
        when 'Summer' then 3
        when 'Autumn' then 4
        when 'Holiday' then 5
    end, case when periods.is_dump then 1 else 2 end) as period_order,
    case when periods.is_dump is null then coalesce(periods.window_value, 'any') end
        as window_value,
    coalesce(cast(periods.month_value as varchar), 'any') as month_value,
    'analysed' as known
from periods
cross join years
left join dim_dates as months
    on
        periods.month_value = months.calendar_month
        and months.calendar_year = 2000
        and months.day_of_month = 1
order by period_order
