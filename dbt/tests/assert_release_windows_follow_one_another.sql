-- The first window begins the year, and each begins after the one before it.
with

windows as (

    select
        calendar_year,
        release_window,
        starts_on,
        lag(starts_on) over (
            partition by calendar_year order by window_order asc
        ) as previous_starts_on
    from {{ ref('int_release_windows_dated') }}

)

select calendar_year, release_window, starts_on, previous_starts_on
from windows
where
    starts_on <= previous_starts_on
    or (
        previous_starts_on is null
        and starts_on <> make_date(calendar_year, 1, 1)
    )
