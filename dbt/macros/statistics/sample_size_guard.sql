{# How far a number of films carries a statement: 'too few' is not ranked,
   'small' is drawn hollow. #}
{% macro sample_size_guard(n) -%}
    case
        when {{ n }} < {{ var('min_ranked_sample') }} then 'too few'
        when {{ n }} < {{ var('min_enough_sample') }} then 'small'
        else 'enough'
    end
{%- endmacro %}
