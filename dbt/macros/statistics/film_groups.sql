{#
    What marts say about a group of films (a company, a country, a language, a
    place in a franchise), said once. In a model, step by step:

        films     as (select {{ film_measures() }} from mart_movies …),
        numbered  as (select group, …, {{ film_positions('group') }} from films …),
        summed    as (select group, {{ film_sums() }} from numbered group by group)
#}

{# What a film of the population brings along, each null where it may not count:
   returns and residuals are those of the analysis set. #}
{% macro film_measures() -%}
    {%- set analysed = {
        'budget_real_usd': 'analysed_budget_real_usd',
        'revenue_real_usd': 'analysed_revenue_real_usd',
        'roi': 'roi',
        'ln(multiple)': 'ln_multiple',
        'break_even_state': 'break_even_state',
        'log_revenue_residual': 'residual'
    } -%}
    movie_id,
        release_year,
        {{ known_amount('revenue_usd', 'revenue_state') }} as revenue_usd,
        revenue_real_usd
        {%- for value, name in analysed.items() %},
        case when is_in_analysis_set then {{ value }} end as {{ name }}
        {%- endfor %}
{%- endmacro %}

{# Places in the group, for the intervals of its medians. #}
{% macro film_positions(group, values=['roi']) -%}
    {%- for value in values -%}
    {{ value_position(value, group) }} as {{ value }}_position,
        count({{ value }}) over (partition by {{ group }}) as n_{{ value }}
        {{- ',\n        ' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{# Counts, span and returns of a group. #}
{% macro film_sums() -%}
    count(*) as n_population,
        count(revenue_real_usd) as n_known_revenue,
        count(roi) as n_analysis,
        cast(count(roi) as double precision) / count(*) as coverage,
        min(release_year) as first_year,
        max(release_year) as last_year,
        {{ median_with_interval('roi', 'roi_position', 'n_roi') }},
        {{ quantile('roi', 0.25) }} as roi_q1,
        {{ quantile('roi', 0.75) }} as roi_q3
{%- endmacro %}

{# Films and parts of films in whole dollars. #}
{% macro weighted_dollars(amount, weight) -%}
    {{ exact_dollars(amount ~ ' * ' ~ weight) }}
{%- endmacro %}
