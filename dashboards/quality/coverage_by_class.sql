-- columns:
--   - { name: era, label: Released, format: text }
--   - { name: budget_class, label: Budget class, format: text }
--   - { name: revenue_coverage, label: Gross known, format: percent }
--   - { name: n_known, label: Films with it, format: count }
--   - { name: n_films, label: Films with known budget, format: count }
--   - { name: shown, label: In the cell, format: text, hidden: true }
--   - { name: years, label: Years, format: text, hidden: true }
select
    cast(era_start_year as text) || '–' || cast(era_start_year + 4 as text) as era,
    budget_class,
    case when count(*) >= 10 then
        cast(count(*) filter (where revenue_state = 'known') as double precision)
        / count(*)
    end as revenue_coverage,
    count(*) filter (where revenue_state = 'known') as n_known,
    count(*) as n_films,
    case
        when count(*) < 10 then 'few'
        else cast(
            round(
                100.0 * count(*) filter (where revenue_state = 'known') / count(*)
            ) as integer
        ) || ' %'
    end as shown,
    cast(era_start_year as text) || '-' || cast(era_start_year + 4 as text)
        as years
from movies
where budget_class is not null and era_start_year is not null
group by era_start_year, budget_class
order by era_start_year, budget_class
