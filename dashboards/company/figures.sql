-- parameters: [id, credit]
-- columns:
--   - { name: n_population, label: Films, format: count }
--   - { name: revenue_real_usd, label: Gross, format: usd }
--   - { name: median_roi, label: Median return, format: percent, low: median_roi_low, high: median_roi_high, n: n_analysis }
--   - { name: median_roi_low, label: Low end (95 %), format: percent, hidden: true }
--   - { name: median_roi_high, label: High end (95 %), format: percent, hidden: true }
--   - { name: likely_profit_share, label: Likely profitable, format: percent, low: likely_low, high: likely_high, n: n_analysis }
--   - { name: likely_low, label: Low end (95 %), format: percent, hidden: true }
--   - { name: likely_high, label: High end (95 %), format: percent, hidden: true }
--   - { name: revenue_effect, label: Against films like theirs, format: percent, low: effect_low, high: effect_high, n: n_analysis }
--   - { name: effect_low, label: Low end (80 %), format: percent, hidden: true }
--   - { name: effect_high, label: High end (80 %), format: percent, hidden: true }
--   - { name: n_analysis, label: Films behind the returns, format: count }
select
    n_population,
    revenue_real_usd,
    median_roi,
    median_roi_low,
    median_roi_high,
    likely_profit_share,
    likely_profit_share_low as likely_low,
    likely_profit_share_high as likely_high,
    revenue_effect,
    revenue_effect_low as effect_low,
    revenue_effect_high as effect_high,
    n_analysis
from mart_company
where
    company_level = 'company'
    and credit_policy = $credit
    and company_key = cast($id as text)
