-- columns:
--   - { name: country, label: Country of origin, format: text }
--   - { name: budget_coverage, label: Budget known, format: percent, n: n_films }
--   - { name: revenue_coverage, label: Gross known, format: percent, n: n_films }
--   - { name: analysis_coverage, label: In the analysis set, format: percent, n: n_films }
--   - { name: n_films, label: Films, format: count }
--   - { name: country_code, label: Code, format: text, hidden: true }
with

-- A film counts for each of its countries, as the filter has it.
countries as (

    select
        bridge.country_code,
        count(*) as n_films,
        count(*) filter (where movies.budget_state = 'known') as n_budget,
        count(*) filter (where movies.revenue_state = 'known') as n_revenue,
        count(*) filter (where movies.is_analysed) as n_analysed
    from movies
    inner join bridge_movies_origin_countries as bridge
        on movies.movie_id = bridge.movie_id
    group by bridge.country_code
    having count(*) >= 10
    order by n_films desc, bridge.country_code
    limit 30

)

select
    names.country_name as country,
    cast(countries.n_budget as double precision) / countries.n_films
        as budget_coverage,
    cast(countries.n_revenue as double precision) / countries.n_films
        as revenue_coverage,
    cast(countries.n_analysed as double precision) / countries.n_films
        as analysis_coverage,
    countries.n_films,
    countries.country_code
from countries
inner join dim_countries as names
    on countries.country_code = names.country_code
order by countries.n_films desc, countries.country_code
