-- parameters: [measure]
-- columns:
--   - { name: month_name, label: Month, format: text }
--   - { name: day_name, label: Weekday, format: text }
--   - { name: share, label: Share, format: percent }
--   - { name: n_movies, label: Films, format: count }
--   - { name: n_known, label: With known gross, format: count }
--   - { name: gross_usd, label: Known gross, format: usd }
--   - { name: cell, label: Cell, format: text, hidden: true }
--   - { name: month_value, label: Month number, format: text, hidden: true }
--   - { name: weekday_value, label: Weekday number, format: text, hidden: true }
with

cells as (

    select
        release_month,
        release_weekday,
        count(*) as n_movies,
        count(money_revenue_usd) as n_known,
        sum(money_revenue_usd) as gross_usd
    from movies
    where release_date is not null
    group by release_month, release_weekday

),

shares as (

    select
        cells.*,
        case
            when $measure = 'films'
                then cast(n_movies as double precision) / sum(n_movies) over ()
            else cast(gross_usd as double precision) / nullif(sum(gross_usd) over (), 0)
        end as share
    from cells

)

select
    substr(min(days.month_name), 1, 3) as month_name,
    min(days.day_name) as day_name,
    max(shares.share) as share,
    max(shares.n_movies) as n_movies,
    max(shares.n_known) as n_known,
    cast(max(shares.gross_usd) as bigint) as gross_usd,
    case when max(shares.share) >= 0.0005 then cast(
        round(cast(100 * max(shares.share) as numeric), 1) as varchar
    ) else '' end as cell,
    cast(shares.release_month as varchar) as month_value,
    cast(shares.release_weekday as varchar) as weekday_value
from shares
inner join dim_dates as days
    on
        shares.release_month = days.calendar_month
        and shares.release_weekday = days.day_of_week
        and days.calendar_year = 2000
group by shares.release_month, shares.release_weekday
order by shares.release_month, shares.release_weekday
