-- Under fractional attribution the films and dollars of a year's genres are
-- those of the year, and over all years those of the films; under primary
-- attribution each film of the analysis set is in one genre.
with

years as (

    select
        release_year,
        sum(weighted_films) as films,
        coalesce(sum(weighted_revenue_real_usd), 0) as revenue_real_usd
    from {{ ref('mart_genre_year') }}
    group by release_year

),

attributions as (

    select
        attribution,
        sum(weighted_films) as films,
        sum(revenue_real_usd) as revenue_real_usd,
        sum(n_analysis) as n_analysis
    from {{ ref('mart_genre') }}
    where attribution <> 'full'
    group by attribution

),

movies as (

    select
        count(*) as films,
        coalesce(sum(revenue_real_usd), 0) as revenue_real_usd,
        sum(case when is_in_analysis_set then 1 else 0 end) as n_analysis
    from {{ ref('mart_movies') }}
    where is_in_population

)

select
    cast(counted.release_year as text) as what,
    years.films,
    years.revenue_real_usd
from {{ ref('mart_year') }} as counted
left join years
    on counted.release_year = years.release_year
where
    years.films is null
    or abs(years.films - counted.n_population) > 0.000001
    or abs(years.revenue_real_usd - coalesce(counted.revenue_real_usd, 0)) > 1

union all

select
    attributions.attribution as what,
    attributions.films,
    attributions.revenue_real_usd
from attributions
cross join movies
where
    abs(attributions.films - movies.films) > 0.000001
    or abs(coalesce(attributions.revenue_real_usd, 0) - movies.revenue_real_usd) > 1
    or (
        attributions.attribution = 'primary'
        and attributions.n_analysis <> movies.n_analysis
    )
