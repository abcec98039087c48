-- columns:
--   - { name: country, label: Country of origin, format: text }
--   - { name: n_population, label: Films, format: count }
--   - { name: n_budget_suspect, label: Suspect budgets, format: count }
--   - { name: n_other_currency, label: Probably another currency, format: count }
--   - { name: n_too_small, label: Probably in millions, format: count }
--   - { name: n_same, label: Budget equals gross, format: count }
--   - { name: n_revenue_suspect, label: Suspect grosses, format: count }
--   - { name: suspect_share, label: Suspect budgets ÷ budgets, format: percent, n: n_given }
--   - { name: n_given, label: Budgets given, format: count, hidden: true }
--   - { name: coverage, label: Budget and gross known, format: percent, n: n_population }
--   - { name: country_code, label: Code, format: text, hidden: true }
with

-- A film counts for each of its countries, as it does in the mart.
budgets as (

    select bridge.country_code, count(*) as n_given
    from movies
    inner join bridge_movies_origin_countries as bridge
        on movies.movie_id = bridge.movie_id
    where movies.budget_state in ('known', 'suspect')
    group by bridge.country_code

)

select
    origins.country_name as country,
    origins.n_population,
    origins.n_budget_suspect,
    origins.n_budget_above_maximum + origins.n_budget_above_real_maximum
        as n_other_currency,
    origins.n_budget_below_minimum as n_too_small,
    origins.n_budget_equals_revenue as n_same,
    origins.n_revenue_suspect,
    cast(origins.n_budget_suspect as double precision)
        / budgets.n_given as suspect_share,
    budgets.n_given,
    origins.coverage,
    origins.country_code
from mart_origin_country as origins
left join budgets
    on origins.country_code = budgets.country_code
where origins.n_budget_suspect + origins.n_revenue_suspect > 0
order by
    origins.n_budget_suspect + origins.n_revenue_suspect desc,
    origins.country_code
limit 60
