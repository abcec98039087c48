-- parameters: [money]
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
    case when $money = 'real' then budget_real_usd else budget_usd end as budget_usd,
    case when $money = 'real' then revenue_real_usd else revenue_usd end as revenue_usd,
    multiple,
    case break_even_state
        when 'likely profit' then 'Likely profit'
        when 'likely loss' then 'Likely loss'
        else 'Uncertain'
    end as outcome,
    movie_id
from movies
where is_in_analysis_set
order by vote_count desc nulls last, movie_id
limit 2000
