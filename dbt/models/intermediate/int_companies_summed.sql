{% set company = 'company_level, company_key' %}

with

credits as (

    select * from {{ ref('int_movies_companies_credited') }}

),

numbered as (

    select
        *,
        {{ film_positions(company) }}

    from credits

),

-- Films count whole in medians and shares; dollars by either policy.
final as (

    select
        {{ company }},
        {{ film_sums() }},
        {{ count_where("break_even_state = 'likely profit'") }}
            as n_likely_profit,
        count(break_even_state) as n_banded,
        {{ quantile('ln_multiple', 0.75) }}
        - {{ quantile('ln_multiple', 0.25) }} as ln_multiple_iqr,
        count(residual) as n_residuals,
        {{ exact_mean('residual') }} as mean_residual,
        {%- for policy, weight in {
            'shared': 'company_weight', 'full': '1'
        }.items() %}
        {{ exact_sum(weight) }} as weighted_films_{{ policy }},
        {{ weighted_dollars('revenue_real_usd', weight) }}
            as revenue_real_{{ policy }}_usd,
        {{ portfolio_roi(
            exact_sum(weight ~ ' * analysed_budget_real_usd'),
            exact_sum(weight ~ ' * analysed_revenue_real_usd')
        ) }} as portfolio_roi_real_{{ policy }}{{ "," if not loop.last }}
        {%- endfor %}

    from numbered
    group by {{ company }}

)

select * from final
