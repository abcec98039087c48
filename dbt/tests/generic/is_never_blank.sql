{# Fails for text that is there and says nothing: it should have been null. #}
{% test is_never_blank(model, column_name) %}

select {{ column_name }}
from {{ model }}
where trim({{ column_name }}, ' ') = ''

{% endtest %}
