{% set measures = [
    'median_revenue_usd', 'median_revenue_real_usd',
    'median_roi', 'median_roi_low', 'median_roi_high', 'roi_q1', 'roi_q3'
] + suspect_count_names() %}

with

films as (

    select
        original_language as language_code,
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

languages as (

    select language_code, language_name
    from {{ ref('dim_languages') }}

),

numbered as (

    select
        *,
        {{ film_positions('language_code') }}

    from films
    where language_code is not null

),

summed as (

    select
        language_code,
        {{ film_sums() }},
        cast(sum(revenue_real_usd) as bigint) as revenue_real_usd,
        {{ quantile('revenue_usd', 0.5) }} as median_revenue_usd,
        {{ quantile('revenue_real_usd', 0.5) }} as median_revenue_real_usd,
        {{ suspect_counts() }}

    from numbered
    group by language_code

),

final as (

    select
        summed.language_code,
        languages.language_name,
        summed.n_population,
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
    inner join languages
        on summed.language_code = languages.language_code

)

select * from final
