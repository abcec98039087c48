-- A dollar of the base year is a dollar.
select movie_id, budget_usd, budget_real_usd, revenue_usd, revenue_real_usd
from {{ ref('fact_movies') }}
where
    release_year = cpi_base_year
    and (
        (budget_state = 'known' and budget_usd <> budget_real_usd)
        or (revenue_state = 'known' and revenue_usd <> revenue_real_usd)
    )
