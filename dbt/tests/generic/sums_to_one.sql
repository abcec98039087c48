{# Fails for groups whose weights do not add up to one. `or_zero` lets a group
   be without any weight. #}
{% test sums_to_one(model, column_name, group_column, or_zero=false) %}

select
    {{ group_column }},
    sum({{ column_name }}) as total
from {{ model }}
group by {{ group_column }}
having
    abs(sum({{ column_name }}) - 1) > 0.000001
    {% if or_zero -%}
    and sum({{ column_name }}) <> 0
    {%- endif %}

{% endtest %}
