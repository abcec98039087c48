{#
    Spearman's rank correlation, with average ranks for ties. In one step rank
    both values of the pairs that have both, in the next aggregate:

        {{ centred_rank('x', 'genre_id') }} as x_rank,
        {{ centred_rank('y', 'genre_id') }} as y_rank
        …
        {{ spearman('x_rank', 'y_rank') }} as rho
        …
        {{ spearman_low('rho', 'n') }} as rho_low
#}

{# How many values lie below it less how many lie above: twice the average rank
   less its mean, and a whole number, so sums are exact. #}
{% macro centred_rank(value, group) -%}
    rank() over (partition by {{ group }} order by {{ value }} asc)
        - rank() over (partition by {{ group }} order by {{ value }} desc)
{%- endmacro %}

{# Null where one of both does not vary. #}
{% macro spearman(x_rank, y_rank) -%}
    case
        when sum({{ x_rank }} * {{ x_rank }}) > 0
            and sum({{ y_rank }} * {{ y_rank }}) > 0
            then greatest(-1e0, least(
                1e0,
                cast(sum({{ x_rank }} * {{ y_rank }}) as double precision)
                / sqrt(
                    cast(sum({{ x_rank }} * {{ x_rank }}) as double precision)
                    * cast(sum({{ y_rank }} * {{ y_rank }}) as double precision)
                )
            ))
    end
{%- endmacro %}

{# Fisher's transformation with Bonett and Wright's (2000) standard error
   sqrt((1 + rho * rho / 2) / (n - 3)); null under four pairs. See
   docs/decisions/0009-intervals-without-resampling.md. #}
{% macro spearman_low(rho, n, level=95) -%}
    {{ spearman_bound(rho, n, '-', level) }}
{%- endmacro %}

{% macro spearman_high(rho, n, level=95) -%}
    {{ spearman_bound(rho, n, '+', level) }}
{%- endmacro %}

{# tanh(atanh(rho) + w), written so that rho may be 1 or -1. #}
{% macro spearman_bound(rho, n, side, level) -%}
    {%- set stretch -%}
        exp({{ side }}2 * {{ z_value(level) }} * sqrt(
            (1 + {{ rho }} * {{ rho }} / 2) / ({{ n }} - 3)
        ))
    {%- endset -%}
    case when {{ n }} > 3 then
        ((1 + {{ rho }}) * {{ stretch }} - (1 - {{ rho }}))
        / ((1 + {{ rho }}) * {{ stretch }} + (1 - {{ rho }}))
    end
{%- endmacro %}
