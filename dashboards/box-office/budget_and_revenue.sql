-- columns:
--   - { name: title, label: Film, format: text, link: movie, key: movie_id }
--   - { name: release_year, label: Year, format: year }
--   - { name: budget_usd, label: Budget, format: usd }
--   - { name: revenue_usd, label: Gross, format: usd }
--   - { name: multiple, label: Gross ÷ budget, format: multiple }
--   - { name: outcome, label: Outcome, format: text }
--   - { name: low_usd, label: Loss likely below, format: usd }
--   - { name: mid_usd, label: Middle of the band, format: usd, hidden: true }
--   - { name: high_usd, label: Profit likely from, format: usd }
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
    break_even_low_multiple * money_budget_usd as low_usd,
    break_even_mid_multiple * money_budget_usd as mid_usd,
    break_even_high_multiple * money_budget_usd as high_usd,
    movie_id
from movies
where is_analysed and money_revenue_usd is not null
order by vote_count desc nulls last, movie_id
limit 2000
