{% set fractions = {'p10': 0.1, 'p25': 0.25, 'p50': 0.5, 'p75': 0.75, 'p90': 0.9} %}

with

films as (

    select
        release_year, budget_real_usd, revenue_real_usd,
        log_revenue_residual, is_in_analysis_set, release_type_state,
        case when is_in_analysis_set then break_even_state end
            as break_even_state,
        {{ known_amount('budget_usd', 'budget_state') }} as budget_usd,
        {{ known_amount('revenue_usd', 'revenue_state') }} as revenue_usd
    from {{ ref('mart_movies') }}
    where is_in_population

),

final as (

    select
        release_year,
        count(*) as n_population,
        count(budget_usd) as n_known_budget,
        count(revenue_usd) as n_known_revenue,
        count(budget_usd + revenue_usd) as n_known_both,
        {{ count_where('is_in_analysis_set') }} as n_analysis,
        {{ count_where("release_type_state = 'streaming only'") }}
            as n_streaming_only,
        {{ break_even_counts() | indent(8) }},
        {% for name, fraction in fractions.items() -%}
        {{ quantile('budget_usd', fraction) }} as budget_usd_{{ name }},
        {{ quantile('budget_real_usd', fraction) }} as budget_real_usd_{{ name }},
        {% endfor -%}
        cast(sum(revenue_usd) as bigint) as revenue_usd,
        cast(sum(revenue_real_usd) as bigint) as revenue_real_usd,
        count(log_revenue_residual) as n_residuals,
        {{ quantile('log_revenue_residual', 0.5) }} as median_log_revenue_residual

    from films
    group by release_year

)

select * from final
