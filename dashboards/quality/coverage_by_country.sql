-- columns:
--   - { name: country, label: Country of origin, format: text }
--   - { name: budget_coverage, label: Budget known, format: percent, n: n_films }
--   - { name: revenue_coverage, label: Gross known, format: percent, n: n_films }
--   - { name: analysis_coverage, label: In the analysis set, format: percent, n: n_films }
--   - { name: n_films, label: Films, format: count }
--   - { name: country_code, label: Code, format: text, hidden: true }
with

-- A film counts for each of its countries, as the filter has it. The first stands
-- with the film, and few films have another to look up.
films as (

    select
        origin_country_code as country_code,
        budget_state, revenue_state, is_analysed
    from movies
    where origin_country_code is not null

    union all

    select
        bridge.country_code,
        movies.budget_state, movies.revenue_state, movies.is_analysed
    from movies
    inner join bridge_movies_origin_countries as bridge
        on movies.movie_id = bridge.movie_id
    where bridge.country_position > 1

),

countries as (

    select
        country_code,
        count(*) as n_films,
        count(*) filter (where budget_state = 'known') as n_budget,
        count(*) filter (where revenue_state = 'known') as n_revenue,
        count(*) filter (where is_analysed) as n_analysed
    from films
    group by country_code
    having count(*) >= 10
    order by n_films desc, country_code
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
