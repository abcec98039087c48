-- The analysis set, written out once more from the mart's own columns.
select movie_id, is_in_population, is_in_analysis_set
from {{ ref('mart_movies') }}
where
    is_in_analysis_set <> (
        is_in_population
        and budget_state = 'known'
        and revenue_state = 'known'
        and coalesce(budget_usd, 0) >= {{ var('analysis_budget_floor_usd') }}
        and release_type_state <> 'streaming only'
    )
    or (is_in_analysis_set and roi is null)
    or (
        is_in_population
        and (release_date is null or coalesce(runtime_minutes, 0) < 1)
    )
