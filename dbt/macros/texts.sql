{# Text in the order of its code points, whatever collation a database has: a
   tie that text settles must be settled alike everywhere. #}
{% macro by_code_point(column) -%}
    {{ column }} collate "C"
{%- endmacro %}

{# `1 film`, `35 films`. #}
{% macro count_of_films(n) -%}
    case
        when {{ n }} = 1 then '1 film'
        else cast({{ n }} as text) || ' films'
    end
{%- endmacro %}
