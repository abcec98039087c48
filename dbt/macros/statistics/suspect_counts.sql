{# Why amounts of films in the population are suspect. A budget in another
   currency shows as one too large, or as one that does not fit the gross. #}
{% macro suspect_reasons() -%}
    {{ return({
        'budget': [
            'below_minimum', 'above_maximum', 'above_real_maximum',
            'equals_revenue', 'too_small_for_revenue', 'changed_tenfold'
        ],
        'revenue': [
            'below_minimum', 'above_maximum', 'too_few_votes',
            'equals_budget', 'too_small_for_budget', 'changed_tenfold'
        ]
    }) }}
{%- endmacro %}

{# How many amounts of a group are suspect, in all and by reason. #}
{% macro suspect_counts() -%}
    {%- for amount, reasons in suspect_reasons().items() -%}
    count({{ amount }}_suspect_reason) as n_{{ amount }}_suspect
        {%- for reason in reasons %},
        {{ count_where(amount ~ "_suspect_reason = '" ~ reason ~ "'") }}
            as n_{{ amount }}_{{ reason }}
        {%- endfor %}
        {{- ',\n        ' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{# The names of those columns. #}
{% macro suspect_count_names() -%}
    {%- set names = [] -%}
    {%- for amount, reasons in suspect_reasons().items() -%}
        {%- do names.append('n_' ~ amount ~ '_suspect') -%}
        {%- for reason in reasons -%}
            {%- do names.append('n_' ~ amount ~ '_' ~ reason) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(names) }}
{%- endmacro %}
