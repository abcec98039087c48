with

days as (

    select
        date_day,
        lag(date_day) over (order by date_day asc) as previous_day
    from {{ ref('dim_dates') }}

)

select date_day, previous_day
from days
where date_day <> previous_day + 1
