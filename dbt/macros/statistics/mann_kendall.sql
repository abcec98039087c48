{#
    Mann and Kendall's test of a monotone trend in a series of one value a year.
    Pair each year with the later ones of its series, then

        {{ mann_kendall_s('earlier', 'later') }}   aggregate over the pairs
        {{ tie_sum('n_equal') }}                   aggregate over the years

    where `n_equal` counts the years of the series with the same value. Values
    that are ratios should be rounded before: ties turn on the last bit.
#}

{# Rises less falls. #}
{% macro mann_kendall_s(earlier, later) -%}
    cast(sum(case
        when {{ later }} > {{ earlier }} then 1
        when {{ later }} < {{ earlier }} then -1
        else 0
    end) as bigint)
{%- endmacro %}

{# The sum of t(t - 1)(2t + 5) over the sets of t equal values, as an aggregate
   over the values. #}
{% macro tie_sum(n_equal) -%}
    cast(sum(({{ n_equal }} - 1) * (2 * {{ n_equal }} + 5)) as bigint)
{%- endmacro %}

{% macro mann_kendall_variance(n, ties) -%}
    cast({{ n }} * ({{ n }} - 1) * (2 * {{ n }} + 5) - {{ ties }}
        as double precision) / 18
{%- endmacro %}

{# With the correction for continuity; null where all values are equal. #}
{% macro mann_kendall_z(s, variance) -%}
    case
        when {{ variance }} > 0 and {{ s }} > 0
            then ({{ s }} - 1) / sqrt({{ variance }})
        when {{ variance }} > 0 and {{ s }} < 0
            then ({{ s }} + 1) / sqrt({{ variance }})
        when {{ variance }} > 0 then 0e0
    end
{%- endmacro %}

{# Kendall's tau-b between value and year, from S, the number of years and the
   number of pairs of equal values. Years do not repeat. #}
{% macro kendall_tau_b(s, n, n_equal_pairs) -%}
    {{ s }} / nullif(sqrt(
        cast({{ n }} * ({{ n }} - 1) as double precision) / 2
        * (cast({{ n }} * ({{ n }} - 1) as double precision) / 2
        - {{ n_equal_pairs }})
    ), 0)
{%- endmacro %}
