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

-- The first country stands with the film, and few films have another to look up.
listed as (

    select origin_country_code as country_code
    from movies
    where origin_country_code is not null

    union all

    select bridge.country_code
    from movies
    inner join bridge_movies_origin_countries as bridge
        on movies.movie_id = bridge.movie_id
    where bridge.country_position > 1

),

counted as (

    select country_code, count(*) as n_films
    from listed
    group by country_code

),

produced as (

    select bridge.country_code, count(*) as n_by_production
    from movies
    inner join bridge_movies_origin_countries as bridge
        on movies.movie_id = bridge.movie_id
    where bridge.is_from_production
    group by bridge.country_code

),

-- Few films have a known gross: only those are sorted. Decimals add up alike in
-- any order; doubles would differ in the last digit.
grossed as (

    select
        bridge.country_code,
        count(*) as n_known,
        sum(
            cast(movies.money_revenue_usd * bridge.country_weight as decimal(18, 2))
        ) as total,
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

),

everything as (

    select sum(total) as total
    from grossed

)

select
    names.country_name as country,
    counted.n_films,
    grossed.n_known,
    cast(grossed.n_known as double precision) / counted.n_films as coverage,
    cast(grossed.total as double precision) as total_usd,
    cast(grossed.total as double precision)
        / cast(everything.total as double precision) as total_share,
    grossed.q1_usd,
    grossed.median_usd,
    grossed.q3_usd,
    coalesce(produced.n_by_production, 0) as n_by_production,
    grossed.country_code
from grossed
cross join everything
inner join counted
    on grossed.country_code = counted.country_code
left join produced
    on grossed.country_code = produced.country_code
inner join dim_countries as names
    on grossed.country_code = names.country_code
where grossed.n_known >= 10
order by grossed.median_usd desc, grossed.country_code
limit 40
