{# The log of an amount in whole dollars. #}
{% macro log_of(amount) -%}
    ln(cast({{ amount }} as double precision))
{%- endmacro %}

{# Ten equal shares of the films by a value, 1 the lowest. Equal values share a
   decile, so its size may be a little off a tenth. #}
{% macro decile_of(value) -%}
    cast(
        floor(
            cast(10 * (rank() over (order by {{ value }} asc) - 1) as double precision)
            / count(*) over ()
        ) as integer
    ) + 1
{%- endmacro %}

{#
    The median of the others in a group, without joining the group to itself:
    taking one film out of n sorted amounts leaves a median between the three
    around the middle. With h the whole part of n ÷ 2, `below`, `middle` and
    `above` are the amounts at places h, h + 1 and h + 2, and `place` is the
    film's own.
#}
{% macro median_log_of_others(place, n, below, middle, above) -%}
    case
        when {{ n }} % 2 = 0 and 2 * {{ place }} <= {{ n }}
            then {{ log_of(middle) }}
        when {{ n }} % 2 = 0
            then {{ log_of(below) }}
        when 2 * {{ place }} < {{ n }}
            then ({{ log_of(middle) }} + {{ log_of(above) }}) / 2
        when 2 * {{ place }} = {{ n }} + 1
            then ({{ log_of(below) }} + {{ log_of(above) }}) / 2
        else ({{ log_of(below) }} + {{ log_of(middle) }}) / 2
    end
{%- endmacro %}
