with

windows as (

    select
        release_window, window_order, start_month, start_day, start_weekday,
        start_nth, start_offset_days
    from {{ ref('release_windows') }}

),

years as (

    select distinct calendar_year
    from {{ ref('int_days_listed') }}

),

started as (

    select
        years.calendar_year,
        windows.release_window,
        windows.window_order,
        case
            when windows.start_day is not null
                then make_date(
                    years.calendar_year, windows.start_month, windows.start_day
                )
            else {{ nth_weekday(
                'years.calendar_year', 'windows.start_month',
                'windows.start_weekday', 'windows.start_nth'
            ) | indent(12) }}
        end + windows.start_offset_days as starts_on

    from windows
    cross join years

),

final as (

    select
        calendar_year,
        release_window,
        window_order,
        starts_on,
        coalesce(
            lead(starts_on) over (
                partition by calendar_year
                order by starts_on asc, window_order asc
            ) - 1,
            make_date(calendar_year, 12, 31)
        ) as ends_on

    from started

)

select * from final
