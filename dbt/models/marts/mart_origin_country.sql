{% set measures = [
    'median_revenue_usd', 'median_revenue_real_usd',
    'median_roi', 'median_roi_low', 'median_roi_high', 'roi_q1', 'roi_q3'
] + suspect_count_names() %}

with

films as (

    select
        budget_suspect_reason,
        revenue_suspect_reason,
        {{ film_measures() }}
    from {{ ref('mart_movies') }}
    where is_in_population

),

totals as (

    select sum(revenue_real_usd) as all_revenue_real_usd
    from films

),

bridge as (

    select movie_id, country_code, country_weight, is_from_production
    from {{ ref('bridge_movies_origin_countries') }}

),

countries as (

    select country_code, country_name
    from {{ ref('dim_countries') }}

),

numbered as (

    select
        bridge.country_code,
        bridge.country_weight,
        bridge.is_from_production,
        films.*,
        {{ film_positions('bridge.country_code') }}

    from bridge
    inner join films
        on bridge.movie_id = films.movie_id

),

summed as (

    select
        country_code,
        {{ count_where('is_from_production') }} as n_films_by_production,
        {{ film_sums() }},
        {{ weighted_dollars('revenue_real_usd', 'country_weight') }}
            as revenue_real_usd,
        {{ quantile('revenue_usd', 0.5) }} as median_revenue_usd,
        {{ quantile('revenue_real_usd', 0.5) }} as median_revenue_real_usd,
        {{ suspect_counts() }}

    from numbered
    group by country_code

),

final as (

    select
        summed.country_code,
        countries.country_name,
        summed.n_population,
        summed.n_films_by_production,
        summed.n_known_revenue,
        summed.n_analysis,
        summed.coverage,
        {{ sample_size_guard('summed.n_analysis') | indent(8) }}
            as sample_size_guard,
        summed.first_year,
        summed.last_year,
        summed.revenue_real_usd,
        cast(summed.revenue_real_usd as double precision)
        / nullif(totals.all_revenue_real_usd, 0) as revenue_real_share,
        {% for column in measures -%}
        summed.{{ column }}{{ "," if not loop.last }}
        {% endfor %}
    from summed
    cross join totals
    inner join countries
        on summed.country_code = countries.country_code

)

select * from final
