-- The dollars of the newest observations, as TMDB gives them, are the dollars
-- of the fact and of the mart.
with

newest as (

    select
        coalesce(sum(budget_usd), 0) as budget_usd,
        coalesce(sum(revenue_usd), 0) as revenue_usd
    from {{ ref('int_movies_newest') }}

),

fact as (

    select
        coalesce(sum(budget_usd), 0) as budget_usd,
        coalesce(sum(revenue_usd), 0) as revenue_usd
    from {{ ref('fact_movies') }}

),

mart as (

    select
        coalesce(sum(budget_usd), 0) as budget_usd,
        coalesce(sum(revenue_usd), 0) as revenue_usd
    from {{ ref('mart_movies') }}

)

select newest.budget_usd, newest.revenue_usd
from newest
cross join fact
cross join mart
where
    newest.budget_usd <> fact.budget_usd
    or newest.revenue_usd <> fact.revenue_usd
    or newest.budget_usd <> mart.budget_usd
    or newest.revenue_usd <> mart.revenue_usd
