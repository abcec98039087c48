{# Wilson's interval of a share, from counts of successes and of all; null of
   none. It stays inside 0 to 1 and holds for small counts (Wilson 1927). #}
{% macro wilson_low(n_successes, n, level=95) -%}
    {{ wilson_bound(n_successes, n, '-', level) }}
{%- endmacro %}

{% macro wilson_high(n_successes, n, level=95) -%}
    {{ wilson_bound(n_successes, n, '+', level) }}
{%- endmacro %}

{% macro wilson_bound(n_successes, n, side, level) -%}
    {%- set z = z_value(level) -%}
    case when {{ n }} > 0 then least(1e0, greatest(0e0, (
        2 * ({{ n_successes }}) + {{ z }} * {{ z }}
        {{ side }} {{ z }} * sqrt(
            {{ z }} * {{ z }} + 4 * cast({{ n_successes }} as double precision)
            * (({{ n }}) - ({{ n_successes }})) / ({{ n }})
        )
    ) / (2 * (({{ n }}) + {{ z }} * {{ z }})))) end
{%- endmacro %}

{# A share with its interval: three columns. #}
{% macro share_with_interval(name, n_successes, n, level=95) -%}
    cast({{ n_successes }} as double precision) / nullif({{ n }}, 0)
        as {{ name }},
    {{ wilson_low(n_successes, n, level) }} as {{ name }}_low,
    {{ wilson_high(n_successes, n, level) }} as {{ name }}_high
{%- endmacro %}
