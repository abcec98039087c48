-- A median is inside its interval and both are there where there is a value.
{% set medians = [
    ('mart_company', 'median_roi', 'n_analysis'),
    ('mart_origin_country', 'median_roi', 'n_analysis'),
    ('mart_language', 'median_roi', 'n_analysis'),
    ('mart_franchise_groups', 'median_roi', 'n_analysis'),
    ('mart_franchise_groups', 'median_residual', 'n_residuals'),
    ('mart_franchise_instalments', 'median_revenue_change',
     'n_franchises_with_change')
] %}

{% for mart, median, n in medians -%}
select
    '{{ mart }}' as mart,
    {{ median }} as median_value,
    {{ median }}_low as low_value,
    {{ median }}_high as high_value
from {{ ref(mart) }}
where
    {{ median }} < {{ median }}_low
    or {{ median }} > {{ median }}_high
    or ({{ n }} > 0) <> ({{ median }} is not null)
    or ({{ n }} > 0) <> ({{ median }}_low is not null)
    or ({{ n }} > 0) <> ({{ median }}_high is not null)
{% if not loop.last %}
union all

{% endif %}
{%- endfor %}
