-- Years of prices follow one another, and each budget class or break-even band
-- begins where the one before it ends.
with

years as (

    select
        price_year,
        lag(price_year) over (order by price_year asc) as previous_year
    from {{ ref('us_cpi_u') }}

),

classes as (

    select
        min_budget_usd,
        lag(max_budget_usd) over (order by class_order asc) as previous_max_usd
    from {{ ref('budget_classes') }}

),

bands as (

    select
        min_budget_usd,
        lag(max_budget_usd) over (order by min_budget_usd asc)
            as previous_max_usd
    from {{ ref('break_even_bands') }}

)

select 'us_cpi_u' as seed_name, price_year as at_value
from years
where price_year <> previous_year + 1

union all

select 'budget_classes' as seed_name, min_budget_usd as at_value
from classes
where min_budget_usd <> coalesce(previous_max_usd, 0)

union all

select 'break_even_bands' as seed_name, min_budget_usd as at_value
from bands
where min_budget_usd <> coalesce(previous_max_usd, 0)
