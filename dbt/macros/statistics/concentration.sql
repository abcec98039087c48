{# How unevenly an amount is spread over its group. Both are aggregates over
   whole amounts numbered in the step before, and null without an amount. #}

{# Gini's coefficient of the n values themselves (no correction for a sample):
   0 is even, (n - 1) / n is all in one. `position` goes up with the value. #}
{% macro gini(value, position, n) -%}
    cast(sum((2 * {{ position }} - {{ n }} - 1) * {{ value }}) as double precision)
        / nullif(max({{ n }}) * cast(sum({{ value }}) as double precision), 0)
{%- endmacro %}

{# Share of the sum that the `n_top` largest have. #}
{% macro top_share(value, position, n, n_top) -%}
    cast(sum(
        case when {{ position }} > {{ n }} - {{ n_top }} then {{ value }} end
    ) as double precision) / nullif(sum({{ value }}), 0)
{%- endmacro %}

{# A hundredth of n, rounded up, so that there is always one. #}
{% macro one_per_cent_of(n) -%}
    ({{ n }} + 99 - ({{ n }} + 99) % 100) / 100
{%- endmacro %}
