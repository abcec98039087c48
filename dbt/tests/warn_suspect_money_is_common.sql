-- Suspect amounts are expected in ones and twos per hundred. More than 5 % of
-- all amounts means that a rule or the source has changed.
{{ config(severity='warn') }}

with

counted as (

    select
        count(budget_usd) + count(revenue_usd) as n_amounts,
        coalesce(
            sum(
                case when budget_state = 'suspect' then 1 else 0 end
                + case when revenue_state = 'suspect' then 1 else 0 end
            ),
            0
        ) as n_suspect_amounts
    from {{ ref('fact_movies') }}

)

select n_amounts, n_suspect_amounts
from counted
where n_suspect_amounts * 20 > n_amounts
