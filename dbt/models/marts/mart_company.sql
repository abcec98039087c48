{% set columns_of_either_policy = [
    'n_films', 'n_films_with_revenue', 'n_films_in_analysis_set', 'coverage',
    'sample_size_guard', 'first_year', 'last_year',
    'roi_median', 'roi_median_low', 'roi_median_high', 'roi_q1', 'roi_q3',
    'log_multiple_iqr', 'n_likely_profits', 'likely_profit_share',
    'likely_profit_share_low', 'likely_profit_share_high',
    'n_residuals', 'mean_residual', 'shrunk_residual',
    'revenue_effect', 'revenue_effect_low', 'revenue_effect_high'
] %}

with

summed as (

    select
        *,
        {{ sample_size_guard('n_films_in_analysis_set') | indent(8) }}
            as sample_size_guard,
        {{ share_with_interval(
            'likely_profit_share', 'n_likely_profits', 'n_films_in_analysis_set'
        ) | indent(4) }}
    from {{ ref('int_companies_shrunk') }}

),

companies as (

    select
        company_id,
        company_name,
        parent_name,
        cast(company_id as text) as company_key
    from {{ ref('dim_production_companies') }}

),

-- A row for each way to credit dollars. Films count whole either way in all
-- that is a median, a share of films or an effect.
credited as (

    {% for policy in ['shared', 'full'] -%}
    select
        company_level,
        company_key,
        '{{ policy }}' as credit_policy,
        n_films_{{ policy }} as n_films_credited,
        revenue_real_{{ policy }}_usd as revenue_real_usd,
        portfolio_roi_{{ policy }} as portfolio_roi,
        {{ columns_of_either_policy | join(',\n        ') }}
    from summed
    {% if not loop.last %}
    union all

    {% endif %}
    {%- endfor %}
),

final as (

    select
        credited.company_level,
        credited.company_key,
        credited.credit_policy,
        companies.company_id,
        -- A group is called by its key.
        case
            when companies.company_id is null then credited.company_key
            else companies.company_name
        end as company_name,
        companies.parent_name,
        credited.n_films_credited,
        credited.revenue_real_usd,
        credited.portfolio_roi,
        {% for column in columns_of_either_policy -%}
        credited.{{ column }}{{ "," if not loop.last }}
        {% endfor %}
    from credited
    left join companies
        on credited.company_key = companies.company_key

)

select * from final
