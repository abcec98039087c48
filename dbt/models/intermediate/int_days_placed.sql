-- A table, because the calendar and every film look days up in it.
{{ config(materialized='table') }}

with

days as (

    select date_day, calendar_year
    from {{ ref('int_days_listed') }}

),

windows as (

    select calendar_year, release_window, starts_on, ends_on
    from {{ ref('int_release_windows_dated') }}

),

final as (

    select
        days.date_day,
        days.calendar_year,
        windows.release_window,
        {{ is_dump_period('days.date_day') }} as is_dump_period

    from days
    left join windows
        on
            days.calendar_year = windows.calendar_year
            and days.date_day between windows.starts_on and windows.ends_on

)

select * from final
