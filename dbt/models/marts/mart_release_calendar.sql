with

movies as (

    select
        release_month,
        release_weekday,
        {{ known_amount('revenue_usd', 'revenue_state') }} as revenue_usd,
        revenue_real_usd
    from {{ ref('mart_movies') }}
    where is_in_population

),

-- All 84 pairs, so that a cell without films is a cell with 0 of them.
cells as (

    select months.calendar_month, weekdays.day_of_week
    from (select distinct calendar_month from {{ ref('dim_dates') }}) as months
    cross join (select distinct day_of_week from {{ ref('dim_dates') }}) as weekdays

),

summed as (

    select
        release_month,
        release_weekday,
        count(*) as n_population,
        count(revenue_usd) as n_known_revenue,
        cast(sum(revenue_usd) as bigint) as revenue_usd,
        cast(sum(revenue_real_usd) as bigint) as revenue_real_usd

    from movies
    group by release_month, release_weekday

),

final as (

    select
        cells.calendar_month as release_month,
        cells.day_of_week as release_weekday,
        coalesce(summed.n_population, 0) as n_population,
        coalesce(summed.n_known_revenue, 0) as n_known_revenue,
        summed.revenue_usd,
        summed.revenue_real_usd

    from cells
    left join summed
        on
            cells.calendar_month = summed.release_month
            and cells.day_of_week = summed.release_weekday

)

select * from final
