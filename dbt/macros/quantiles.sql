{# The interpolated quantile of a group. The same words on both engines. #}
{% macro quantile(column, fraction) -%}
    percentile_cont({{ fraction }}) within group (order by {{ column }})
{%- endmacro %}
