{# What a period is called and where it stands, by kind. #}
{% set kinds = {
    'window': ['movies.release_window', 'windows.window_order'],
    'month': ['months.month_name', 'movies.release_month'],
    'dump period': [
        "case when movies.is_dump_period then 'Dump period' else 'Rest of the year' end",
        'case when movies.is_dump_period then 1 else 2 end'
    ],
    'year': ["'All year'", '1']
} %}

with

-- Money of the analysis set alone.
movies as (

    select
        release_window,
        release_month,
        is_dump_period,
        case when is_in_analysis_set then revenue_usd end as revenue_usd,
        case when is_in_analysis_set then revenue_real_usd end as revenue_real_usd,
        log_revenue_residual as residual
    from {{ ref('mart_movies') }}
    where is_in_population

),

months as (

    select calendar_month, month_name
    from {{ ref('dim_dates') }}
    group by calendar_month, month_name

),

-- Every film of the population once a kind.
periods as (

    {% for kind, columns in kinds.items() -%}
    select
        '{{ kind }}' as period_kind,
        {{ columns[0] }} as period_name,
        {{ columns[1] }} as period_order,
        movies.revenue_usd,
        movies.revenue_real_usd,
        movies.residual
    from movies
    {% if kind == 'window' -%}
    inner join {{ ref('release_windows') }} as windows
        on movies.release_window = windows.release_window
    {% elif kind == 'month' -%}
    inner join months
        on movies.release_month = months.calendar_month
    {% endif %}
    {{ 'union all' if not loop.last }}

    {% endfor %}
),

summed as (

    select
        period_kind, period_name, period_order,
        count(*) as n_population,
        count(revenue_usd) as n_analysis,
        {{ quantile('revenue_usd', 0.5) }} as median_revenue_usd,
        {{ quantile('revenue_real_usd', 0.5) }} as median_revenue_real_usd,
        count(residual) as n_residuals,
        {{ quantile('residual', 0.5) }} as median_residual,
        {{ exact_mean('residual') }} as mean_residual,
        {{ exact_deviation('residual') | indent(8) }} as residual_deviation

    from periods
    group by period_kind, period_name, period_order

),

final as (

    select
        period_kind, period_name, period_order,
        n_population,
        n_analysis,
        cast(n_analysis as double precision) / n_population as coverage,
        median_revenue_usd, median_revenue_real_usd, n_residuals,
        {{ sample_size_guard('n_residuals') | indent(8) }} as sample_size_guard,
        median_residual, mean_residual,
        {{ mean_low('mean_residual', 'residual_deviation', 'n_residuals')
            | indent(8) }} as mean_residual_low,
        {{ mean_high('mean_residual', 'residual_deviation', 'n_residuals')
            | indent(8) }} as mean_residual_high

    from summed

)

select * from final
