-- parameters: [id]
-- columns:
--   - { name: role, label: As, format: text }
--   - { name: n_films, label: Films, format: count }
--   - { name: n_lead_films, label: Lead, format: count }
--   - { name: n_principal_films, label: Third to fifth billing, format: count }
--   - { name: n_supporting_films, label: Further down, format: count }
--   - { name: first_year, label: From, format: year }
--   - { name: last_year, label: To, format: year }
--   - { name: gross_real_usd, label: Gross in full, format: usd }
--   - { name: weighted_gross_real_usd, label: Shared by billing, format: usd }
--   - { name: n_main_known_revenue, label: Films behind the gross, format: count }
--   - { name: revenue_coverage, label: Of main films, format: percent }
--   - { name: median_leading_gross_real_usd, label: Median film led, format: usd }
--   - { name: mean_rating_score, label: Mean rating score, format: rating }
select
    case person_role when 'actor' then 'Actor' else 'Director' end as role,
    n_films,
    case when person_role = 'actor' then n_lead_films end as n_lead_films,
    case when person_role = 'actor' then n_principal_films end
        as n_principal_films,
    case when person_role = 'actor' then n_supporting_films end
        as n_supporting_films,
    first_year,
    last_year,
    gross_real_usd,
    weighted_gross_real_usd,
    n_main_known_revenue,
    revenue_coverage,
    median_leading_gross_real_usd,
    mean_rating_score
from mart_person_career
where person_id = $id
order by n_films desc, person_role
