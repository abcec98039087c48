{# Text in the order of its code points, whatever collation a database has: a
   tie that text settles must be settled alike everywhere. #}
{% macro by_code_point(column) -%}
    {{ column }} collate "C"
{%- endmacro %}
