-- parameters: [billing]
-- columns:
--   - { name: era_start_year, label: Five years from, format: year }
--   - { name: gender, label: Gender, format: text }
--   - { name: median_age_years, label: Median age, format: count }
--   - { name: age_q1_years, label: Lower quarter, format: count }
--   - { name: age_q3_years, label: Upper quarter, format: count }
--   - { name: n_known_ages, label: Parts of known age, format: count }
--   - { name: age_coverage, label: Of all such parts, format: percent }
select
    era_start_year,
    case gender when 'female' then 'Women' else 'Men' end as gender,
    median_age_years,
    age_q1_years,
    age_q3_years,
    n_known_ages,
    age_coverage
from mart_lead_ages
where
    billing = $billing
    and gender in ('female', 'male')
    and n_known_ages >= 10
order by era_start_year, gender desc
