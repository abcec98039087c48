-- parameters: [level, min_films]
-- columns:
--   - { name: company_name, label: Company, format: text, link: company, key: company_id }
--   - { name: n_residuals, label: Films behind it, format: count }
--   - { name: revenue_effect, label: Against films like theirs, format: percent, low: revenue_effect_low, high: revenue_effect_high }
--   - { name: revenue_effect_low, label: Low end (80 %), format: percent, hidden: true }
--   - { name: revenue_effect_high, label: High end (80 %), format: percent, hidden: true }
--   - { name: side, label: Interval, format: text }
--   - { name: median_roi, label: Median return, format: percent }
--   - { name: company_id, label: Company id, format: text, hidden: true }
with

companies as (

    select
        *,
        row_number() over (order by revenue_effect desc, company_key) as from_top,
        row_number() over (order by revenue_effect, company_key) as from_bottom
    from mart_company
    where
        company_level = $level
        and credit_policy = 'shared'
        and n_residuals >= $min_films
        and revenue_effect is not null

)

select
    coalesce(company_name, 'Company without a name') as company_name,
    n_residuals,
    revenue_effect,
    revenue_effect_low,
    revenue_effect_high,
    case
        when revenue_effect_low > 0 then 'Above films alike'
        when revenue_effect_high < 0 then 'Below films alike'
        else 'Could be nothing'
    end as side,
    median_roi,
    company_id
from companies
where from_top <= 20 or from_bottom <= 10
order by revenue_effect desc, company_key
