{% set columns_of_either_policy = [
    'n_population', 'n_known_revenue', 'n_analysis', 'coverage',
    'sample_size_guard', 'first_year', 'last_year',
    'median_roi', 'median_roi_low', 'median_roi_high', 'roi_q1', 'roi_q3',
    'ln_multiple_iqr', 'n_likely_profit', 'likely_profit_share',
    'likely_profit_share_low', 'likely_profit_share_high',
    'n_residuals', 'mean_residual', 'shrunk_residual',
    'revenue_effect', 'revenue_effect_low', 'revenue_effect_high'
] %}

with

summed as (

    select
        *,
        {{ sample_size_guard('n_analysis') | indent(8) }}
            as sample_size_guard,
        {{ share_with_interval(
            'likely_profit_share', 'n_likely_profit', 'n_banded'
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
        weighted_films_{{ policy }} as weighted_films,
        revenue_real_{{ policy }}_usd as revenue_real_usd,
        portfolio_roi_real_{{ policy }} as portfolio_roi_real,
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
        credited.weighted_films,
        credited.revenue_real_usd,
        credited.portfolio_roi_real,
        {% for column in columns_of_either_policy -%}
        credited.{{ column }}{{ "," if not loop.last }}
        {% endfor %}
    from credited
    left join companies
        on credited.company_key = companies.company_key

)

select * from final
