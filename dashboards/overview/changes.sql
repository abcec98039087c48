-- columns:
--   - { name: n_films, label: Films changed, format: count }
--   - { name: n_added, label: New films, format: count }
--   - { name: n_removed, label: Films gone, format: count }
--   - { name: n_budgets, label: Budgets, format: count }
--   - { name: n_grosses, label: Grosses, format: count }
--   - { name: n_tenfold, label: Amounts off tenfold, format: count }
select
    count(distinct movie_id) as n_films,
    count(*) filter (where attribute = 'movie' and change_kind = 'added') as n_added,
    count(*) filter (where attribute = 'movie' and change_kind = 'removed') as n_removed,
    count(*) filter (where attribute = 'budget_usd') as n_budgets,
    count(*) filter (where attribute = 'revenue_usd') as n_grosses,
    count(*) filter (where is_tenfold) as n_tenfold
from mart_changes
where days_ago <= 1
