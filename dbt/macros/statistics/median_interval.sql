{#
    The percentile bootstrap's interval of a median, without drawing samples:
    the median of a sample drawn with replacement is one of the n values, and
    its rank has a known distribution, 1/n times which is Beta((n+1)/2, (n+1)/2)
    rounded up. So the bounds are values whose ranks depend on n alone. See
    docs/decisions/0009-intervals-without-resampling.md.

    In one step number the values of each group, in the next aggregate:

        {{ value_position('roi', 'genre_id') }} as roi_position,
        count(roi) over (partition by genre_id) as n_roi
        …
        {{ median_with_interval('roi', 'roi_position', 'n_roi') }}
#}

{# Place among the group's values from 1; unknown values come last. Which of two
   equal values comes first makes no difference to what is made of it. #}
{% macro value_position(value, group) -%}
    row_number() over (partition by {{ group }} order by {{ value }} asc nulls last)
{%- endmacro %}

{# Rank of the lower bound counted from below, and of the upper counted from
   above: whole for an odd n; for an even one it may lie halfway between two
   values, because the median of an even sample does. A symmetric Beta's
   quantile is (1 - t / sqrt(df + t * t)) / 2 with Student's t. #}
{% macro median_bound_rank(n, level=95) -%}
    {%- set t = t_value('(' ~ n ~ ' + 2 - ' ~ n ~ ' % 2)', level) -%}
    {%- set depth -%}
        {{ n }} / 2e0 * (1 - 1 / sqrt(
            1 + ({{ n }} + 2 - {{ n }} % 2) * power({{ t }}, -2)
        ))
    {%- endset -%}
    case
        when {{ n }} % 2 = 1 then greatest(1, ceil({{ depth }}))
        else greatest(2, ceil(2 * ({{ depth }}) + 0.5)) / 2e0
    end
{%- endmacro %}

{# The bounds, as aggregates over the numbered values. #}
{% macro median_low(value, position, n, level=95) -%}
    avg(case
        when abs({{ position }} - ({{ median_bound_rank(n, level) }})) <= 0.5
            then {{ value }}
    end)
{%- endmacro %}

{% macro median_high(value, position, n, level=95) -%}
    avg(case
        when
            abs({{ n }} + 1 - {{ position }}
            - ({{ median_bound_rank(n, level) }})) <= 0.5
            then {{ value }}
    end)
{%- endmacro %}

{# The median of a plain column with its interval: three columns. #}
{% macro median_with_interval(value, position, n, level=95) -%}
    {{ quantile(value, 0.5) }} as median_{{ value }},
    {{ median_low(value, position, n, level) }} as median_{{ value }}_low,
    {{ median_high(value, position, n, level) }} as median_{{ value }}_high
{%- endmacro %}
