-- parameters: [credit]
-- columns:
--   - { name: company_name, label: Group, format: text }
--   - { name: labels, label: Its largest labels, format: text }
--   - { name: n_labels, label: Labels, format: count }
--   - { name: gross_usd, label: Gross, format: usd }
--   - { name: n_films, label: Films, format: count }
--   - { name: n_analysis, label: With known money, format: count }
--   - { name: median_roi, label: Median return, format: percent, low: median_roi_low, high: median_roi_high, n: n_analysis }
--   - { name: median_roi_low, label: Low end (95 %), format: percent, hidden: true }
--   - { name: median_roi_high, label: High end (95 %), format: percent, hidden: true }
--   - { name: portfolio_roi, label: If all were funded, format: percent, n: n_analysis }
--   - { name: revenue_effect, label: Against films like theirs, format: percent, low: effect_low, high: effect_high, n: n_analysis }
--   - { name: effect_low, label: Low end (80 %), format: percent, hidden: true }
--   - { name: effect_high, label: High end (80 %), format: percent, hidden: true }
with

labels as (

    select
        parent_name,
        company_name,
        row_number() over (
            partition by parent_name
            order by n_movies desc, company_id
        ) as place
    from dim_production_companies
    where parent_name is not null and n_movies > 0

),

owners as (

    select
        parent_name,
        count(*) as n_labels,
        string_agg(company_name, ', ' order by place) filter (where place <= 3)
            as labels
    from labels
    group by parent_name

)

select
    groups.company_name,
    owners.labels,
    owners.n_labels,
    groups.revenue_real_usd as gross_usd,
    groups.n_population as n_films,
    groups.n_analysis,
    groups.median_roi,
    groups.median_roi_low,
    groups.median_roi_high,
    groups.portfolio_roi_real as portfolio_roi,
    groups.revenue_effect,
    groups.revenue_effect_low as effect_low,
    groups.revenue_effect_high as effect_high
from mart_company as groups
inner join owners
    on groups.company_key = owners.parent_name
where groups.company_level = 'parent' and groups.credit_policy = $credit
order by groups.revenue_real_usd desc nulls last, groups.company_key
