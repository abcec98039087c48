{% set intervals = {
    'mart_genre': [
        'median_roi', 'likely_profit_share', 'uncertain_share',
        'likely_loss_share', 'high_multiple_share', 'budget_roi_rho'
    ],
    'mart_genre_era': ['median_roi'],
    'mart_genre_budget': ['median_roi', 'likely_profit_share'],
    'mart_genre_pairs': ['median_roi', 'likely_profit_share'],
    'mart_year_budget': ['median_roi', 'likely_profit_share', 'likely_loss_share'],
    'mart_budget_decile': ['median_roi', 'likely_profit_share'],
    'mart_runtime': ['median_roi', 'likely_profit_share'],
    'mart_correlations': ['rho']
} %}

with

estimates as (

    {% for mart, names in intervals.items() -%}
    {%- set last_mart = loop.last -%}
    {%- for name in names -%}
    select
        '{{ mart }}.{{ name }}' as estimate,
        {{ name }} as amount,
        {{ name }}_low as low,
        {{ name }}_high as high
    from {{ ref(mart) }}
    {{ 'union all' if not (last_mart and loop.last) }}
    {% endfor -%}
    {%- endfor %}
)

select estimate, amount, low, high
from estimates
where low > amount + 1e-12 or high < amount - 1e-12
