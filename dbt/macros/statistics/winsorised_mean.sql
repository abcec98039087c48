{# The mean after the values beyond two bounds of the group (its 5 % and 95 %
   quantiles, from the step before) are drawn in to them. An aggregate. #}
{% macro winsorised_mean(value, low, high) -%}
    {%- set drawn_in -%}
    case
        when {{ value }} < {{ low }} then {{ low }}
        when {{ value }} > {{ high }} then {{ high }}
        else {{ value }}
    end
    {%- endset -%}
    {{ exact_mean(drawn_in) }}
{%- endmacro %}
