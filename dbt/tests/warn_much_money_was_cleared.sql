-- Now and then somebody takes an amount back. More than 1 % of all amounts
-- within a day mean that the source, or how it is read, has changed.
{{ config(severity='warn') }}

with

cleared as (

    select count(*) as n_cleared
    from {{ ref('mart_changes') }}
    where
        attribute in ('budget_usd', 'revenue_usd')
        and change_kind = 'cleared'
        and days_ago <= 1

),

amounts as (

    select count(budget_usd) + count(revenue_usd) as n_amounts
    from {{ ref('fact_movies') }}

)

select n_cleared, n_amounts
from cleared
cross join amounts
where n_cleared * 100 > n_amounts
