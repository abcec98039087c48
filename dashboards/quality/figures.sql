-- columns:
--   - { name: budget_coverage, label: Budget known, format: percent }
--   - { name: revenue_coverage, label: Gross known, format: percent }
--   - { name: both_coverage, label: Both known, format: percent }
--   - { name: analysis_coverage, label: In the analysis set, format: percent }
--   - { name: n_suspect, label: Films with a suspect amount, format: count }
--   - { name: n_streaming, label: "Left out: streaming only", format: count }
select
    cast(count(*) filter (where budget_state = 'known') as double precision)
        / nullif(count(*), 0) as budget_coverage,
    cast(count(*) filter (where revenue_state = 'known') as double precision)
        / nullif(count(*), 0) as revenue_coverage,
    cast(
        count(*) filter (where budget_state = 'known' and revenue_state = 'known')
        as double precision
    ) / nullif(count(*), 0) as both_coverage,
    cast(count(*) filter (where is_analysed) as double precision)
        / nullif(count(*), 0) as analysis_coverage,
    count(*) filter (where budget_state = 'suspect' or revenue_state = 'suspect')
        as n_suspect,
    count(*) filter (
        where
            budget_state = 'known'
            and revenue_state = 'known'
            and release_type_state = 'streaming only'
    ) as n_streaming
from movies
