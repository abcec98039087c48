with

days as (

    select date_day, calendar_year, release_window, is_dump_period
    from {{ ref('int_days_placed') }}

),

final as (

    select
        date_day,
        calendar_year,
        cast(extract(quarter from date_day) as integer) as calendar_quarter,
        {{ month_of('date_day') }} as calendar_month,
        cast(extract(day from date_day) as integer) as day_of_month,
        {{ weekday_of('date_day') }} as day_of_week,
        {{ month_name('date_day') }} as month_name,
        {{ day_name('date_day') }} as day_name,
        calendar_year - calendar_year % 10 as calendar_decade,
        release_window,
        is_dump_period

    from days

)

select * from final
