-- A return exists exactly where both amounts are known, and it is what the two
-- amounts say.
select movie_id, budget_usd, revenue_usd, multiple, roi, gross_margin_usd
from {{ ref('fact_movies') }}
where
    (
        budget_state = 'known' and revenue_state = 'known'
        and (
            roi is null
            or multiple is null
            or abs(roi - (multiple - 1)) > 0.000001 * (1 + abs(multiple))
            or gross_margin_usd <> revenue_usd - budget_usd
        )
    )
    or (
        (budget_state <> 'known' or revenue_state <> 'known')
        and (
            roi is not null
            or multiple is not null
            or gross_margin_usd is not null
        )
    )
