{# Return of everything funded together, from sums: what the mean film returns
   says nothing of it, because a dollar counts here and not a film. #}
{% macro portfolio_roi(budget_sum, revenue_sum) -%}
    (cast({{ revenue_sum }} as double precision) - ({{ budget_sum }}))
        / nullif({{ budget_sum }}, 0)
{%- endmacro %}
