-- Unknown is null and never 0, suspect has a reason, known has none, and real
-- money stands on known money only.
select movie_id
from {{ ref('fact_movies') }}
where
    budget_usd <= 0
    or revenue_usd <= 0
    or (budget_state = 'unknown') <> (budget_usd is null)
    or (revenue_state = 'unknown') <> (revenue_usd is null)
    or (budget_state = 'suspect') <> (budget_suspect_reason is not null)
    or (revenue_state = 'suspect') <> (revenue_suspect_reason is not null)
    or (budget_state <> 'known' and budget_real_usd is not null)
    or (revenue_state <> 'known' and revenue_real_usd is not null)
