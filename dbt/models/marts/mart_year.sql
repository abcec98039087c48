{% set counts = [
    'n_known_budget', 'n_known_revenue', 'n_known_both', 'n_analysis',
    'n_streaming_only'
] %}
{% set amounts = [
    'budget_usd_p10', 'budget_usd_p25', 'budget_usd_p50', 'budget_usd_p75',
    'budget_usd_p90', 'budget_real_usd_p10', 'budget_real_usd_p25',
    'budget_real_usd_p50', 'budget_real_usd_p75', 'budget_real_usd_p90',
    'revenue_usd', 'revenue_real_usd'
] %}

with

years as (

    select
        counted.*,
        concentrated.top_10_revenue_share,
        concentrated.top_per_cent_revenue_share,
        concentrated.revenue_gini,
        counted.release_year < {{ year_of('as_of.as_of_date') }}
            as is_complete_year

    from {{ ref('int_years_counted') }} as counted
    cross join {{ ref('int_observations_dated') }} as as_of
    left join {{ ref('int_years_concentrated') }} as concentrated
        on counted.release_year = concentrated.release_year

),

-- The years that the ones after a shock are held against.
baselines as (

    select
        count(*) as n_baseline_years,
        avg(cast(n_population as double precision)) as n_population,
        avg(cast(revenue_real_usd as double precision)) as revenue_real_usd,
        {{ exact_mean('median_log_revenue_residual') }} as median_log_revenue_residual
    from years
    where
        is_complete_year
        and release_year between {{ var('first_baseline_year') }}
        and {{ var('last_baseline_year') }}

),

final as (

    select
        years.release_year,
        years.is_complete_year,
        years.n_population,
        {% for count in counts -%}
        years.{{ count }},
        {% endfor -%}
        cast(years.n_known_budget as double precision)
            / years.n_population as budget_coverage,
        cast(years.n_known_revenue as double precision)
            / years.n_population as revenue_coverage,
        cast(years.n_known_both as double precision)
            / years.n_population as both_coverage,
        cast(years.n_analysis as double precision)
            / years.n_population as coverage,
        {{ sample_size_guard('years.n_known_budget') | indent(8) }}
            as budget_sample_size_guard,
        {{ sample_size_guard('years.n_known_revenue') | indent(8) }}
            as revenue_sample_size_guard,
        {% for amount in amounts -%}
        years.{{ amount }},
        {% endfor -%}
        years.top_10_revenue_share,
        years.top_per_cent_revenue_share,
        years.revenue_gini,
        years.n_likely_profit,
        years.n_uncertain,
        years.n_likely_loss,
        {{ break_even_shares() | indent(8) }},
        years.n_residuals,
        years.median_log_revenue_residual,
        baselines.n_baseline_years,
        cast(years.n_population as double precision)
            / baselines.n_population - 1 as films_change_from_baseline,
        years.revenue_real_usd / baselines.revenue_real_usd - 1
            as revenue_real_change_from_baseline,
        years.median_log_revenue_residual
        - baselines.median_log_revenue_residual as residual_change_from_baseline

    from years
    cross join baselines

)

select * from final
