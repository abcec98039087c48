-- parameters: [level, min_films]
-- columns:
--   - { name: company_name, label: Company, format: text, link: company, key: company_id }
--   - { name: n_analysis, label: Films behind it, format: count }
--   - { name: hit_rate, label: Likely profitable, format: percent, low: hit_low, high: hit_high }
--   - { name: hit_low, label: Low end (95 %), format: percent, hidden: true }
--   - { name: hit_high, label: High end (95 %), format: percent, hidden: true }
--   - { name: spread, label: "Spread, upper ÷ lower quarter", format: multiple }
--   - { name: gross_usd, label: "Gross, shared", format: usd }
--   - { name: is_named, label: Named, format: flag, hidden: true }
--   - { name: company_id, label: Company id, format: text, hidden: true }
with

companies as (

    select *
    from mart_company
    where
        company_level = $level
        and credit_policy = 'shared'
        and n_analysis >= $min_films
        and likely_profit_share is not null
        and ln_multiple_iqr is not null
    order by revenue_real_usd desc nulls last, company_key
    limit 150

),

ranked as (

    select
        companies.*,
        row_number() over (
            order by companies.revenue_real_usd desc nulls last,
                companies.company_key
        ) as gross_rank,
        row_number() over (
            order by companies.likely_profit_share_low desc,
                companies.company_key
        ) as hit_rank,
        -- One name a patch of the drawing, so that names do not meet.
        row_number() over (
            partition by
                floor(companies.likely_profit_share * 5),
                floor(companies.ln_multiple_iqr * 5)
            order by companies.revenue_real_usd desc nulls last,
                companies.company_key
        ) as cell_rank
    from companies

)

select
    coalesce(company_name, 'Company without a name') as company_name,
    n_analysis,
    likely_profit_share as hit_rate,
    likely_profit_share_low as hit_low,
    likely_profit_share_high as hit_high,
    exp(ln_multiple_iqr) as spread,
    revenue_real_usd as gross_usd,
    (gross_rank <= 3 or hit_rank <= 3) and cell_rank = 1 as is_named,
    company_id
from ranked
order by gross_rank
