-- A budget decile stands exactly on films of the analysis set with real money,
-- an expectation only there, and a residual is what both revenues say.
select
    movie_id, budget_decile, expected_log_revenue, expected_revenue_real_usd,
    log_revenue_residual, n_expected_peers
from {{ ref('mart_movies') }}
where
    (budget_decile is not null) <> (
        is_in_analysis_set
        and coalesce(budget_real_usd, 0) > 0
        and coalesce(revenue_real_usd, 0) > 0
    )
    or (expected_log_revenue is not null and budget_decile is null)
    or (expected_log_revenue is null) <> (expected_level is null)
    or (expected_log_revenue is null) <> (n_expected_peers is null)
    or (expected_log_revenue is null) <> (log_revenue_residual is null)
    or abs(
        {{ log_of('revenue_real_usd') }} - expected_log_revenue
        - log_revenue_residual
    ) > 0.000000001
