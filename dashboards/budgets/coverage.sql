-- columns:
--   - { name: release_year, label: Year, format: year }
--   - { name: n_movies, label: Films, format: count }
--   - { name: n_known, label: With known budget, format: count }
--   - { name: n_suspect, label: With suspect budget, format: count }
--   - { name: coverage, label: Budgets known, format: percent }
select
    release_year,
    count(*) as n_movies,
    count(*) filter (where budget_state = 'known') as n_known,
    count(*) filter (where budget_state = 'suspect') as n_suspect,
    cast(count(*) filter (where budget_state = 'known') as double precision)
        / count(*) as coverage
from movies
group by release_year
having count(*) >= 10
order by release_year
