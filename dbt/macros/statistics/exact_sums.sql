{#
    Doubles added up as they come give another last digit for another order of
    rows, and another order comes with other threads. As decimals of twelve
    places they add up alike in any order, and on both engines.
#}
{% macro exact_sum(value) -%}
    cast(sum(cast({{ value }} as decimal(38, 12))) as double precision)
{%- endmacro %}

{% macro exact_mean(value) -%}
    {{ to_twelve_places(exact_sum(value) ~ ' / nullif(count(' ~ value ~ '), 0)') }}
{%- endmacro %}

{% macro to_twelve_places(value) -%}
    cast(cast({{ value }} as decimal(38, 12)) as double precision)
{%- endmacro %}

{# The sample standard deviation; null of fewer than two values. #}
{% macro exact_deviation(value) -%}
    case when count({{ value }}) > 1 then sqrt(greatest(
        (
            {{ exact_sum('(' ~ value ~ ') * (' ~ value ~ ')') }}
            - {{ exact_sum(value) }} * {{ exact_sum(value) }} / count({{ value }})
        ) / (count({{ value }}) - 1), 0
    )) end
{%- endmacro %}

{# A sum in whole dollars, halves up. Its parts may be thirds, whose decimals
   fall short of a half by less than the added thousandth. #}
{% macro exact_dollars(value) -%}
    cast(
            floor(sum(cast({{ value }} as decimal(38, 12))) + 0.501) as bigint
        )
{%- endmacro %}
