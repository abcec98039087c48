-- columns:
--   - { name: country, label: Country of origin, format: text }
--   - { name: n_films, label: Films, format: count }
--   - { name: n_known, label: With known gross, format: count }
--   - { name: coverage, label: Of them, format: percent }
--   - { name: total_usd, label: "Gross, shared", format: usd }
--   - { name: total_share, label: Share of all gross, format: percent }
--   - { name: q1_usd, label: Lower quarter, format: usd }
--   - { name: median_usd, label: Median film, format: usd }
--   - { name: q3_usd, label: Upper quarter, format: usd }
--   - { name: n_by_production, label: Origin from production, format: count }
--   - { name: country_code, label: Code, format: text, hidden: true }
with

-- Decimals add up alike in any order; doubles would differ in the last digit.
countries as (

    select
        bridge.country_code,
        count(*) as n_films,
        count(*) filter (where bridge.is_from_production) as n_by_production,
        count(movies.money_revenue_usd) as n_known,
        sum(
            cast(movies.money_revenue_usd * bridge.country_weight as decimal(18, 2))
        ) as total
    from movies
    inner join bridge_movies_origin_countries as bridge
        on movies.movie_id = bridge.movie_id
    group by bridge.country_code

),

-- Few films have a known gross: only those are sorted.
typical as (

    select
        bridge.country_code,
        percentile_cont(0.25) within group (order by movies.money_revenue_usd)
            as q1_usd,
        percentile_cont(0.5) within group (order by movies.money_revenue_usd)
            as median_usd,
        percentile_cont(0.75) within group (order by movies.money_revenue_usd)
            as q3_usd
    from movies
    inner join bridge_movies_origin_countries as bridge
        on movies.movie_id = bridge.movie_id
    where movies.money_revenue_usd is not null
    group by bridge.country_code
    having count(*) >= 10

),

everything as (

    select sum(total) as total
    from countries

)

select
    names.country_name as country,
    countries.n_films,
    countries.n_known,
    cast(countries.n_known as double precision) / countries.n_films as coverage,
    cast(countries.total as double precision) as total_usd,
    cast(countries.total as double precision)
        / cast(everything.total as double precision) as total_share,
    typical.q1_usd,
    typical.median_usd,
    typical.q3_usd,
    countries.n_by_production,
    countries.country_code
from countries
cross join everything
inner join typical
    on countries.country_code = typical.country_code
inner join dim_countries as names
    on countries.country_code = names.country_code
order by typical.median_usd desc, countries.country_code
limit 40
