-- parameters: [id]
-- columns:
--   - { name: budget_real_usd, label: Budget in real dollars, format: usd }
--   - { name: revenue_real_usd, label: Gross in real dollars, format: usd }
--   - { name: multiple, label: Gross ÷ budget, format: multiple }
--   - { name: roi, label: Return on budget, format: percent }
--   - { name: outcome, label: Against break-even, format: text }
--   - { name: expected_ratio, label: Gross ÷ expected, format: multiple }
select
    budget_real_usd,
    revenue_real_usd,
    multiple,
    roi,
    case break_even_state
        when 'likely profit' then 'Likely profit'
        when 'likely loss' then 'Likely loss'
        when 'uncertain' then 'Uncertain'
    end as outcome,
    exp(log_revenue_residual) as expected_ratio
from mart_movies
where movie_id = $id
