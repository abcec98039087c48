-- columns:
--   - { name: title, label: Film, format: text }
--   - { name: release_year, label: Year, format: year }
--   - { name: budget_usd, label: Budget, format: usd }
--   - { name: revenue_usd, label: Gross, format: usd }
--   - { name: multiple, label: Gross ÷ budget, format: multiple }
--   - { name: outcome, label: Outcome, format: text }
--   - { name: movie_id, label: Film id, format: text, hidden: true }
select
    title,
    release_year,
    money_budget_usd as budget_usd,
    money_revenue_usd as revenue_usd,
    multiple,
    case break_even_state
        when 'likely profit' then 'Likely profit'
        when 'likely loss' then 'Likely loss'
        else 'Uncertain'
    end as outcome,
    movie_id
from movies
where is_analysed
order by vote_count desc nulls last, movie_id
limit 2000
