{# Quantiles and tails of the normal and Student distributions, which neither
   engine has (no `erf` in DuckDB 1.5 or PostgreSQL 15). #}

{# The two-sided z of a level in per cent, as a number for other macros. #}
{% macro z_number(level=95) -%}
    {%- set numbers = {
        80: 1.2815515655446004,
        90: 1.6448536269514722,
        95: 1.959963984540054,
        99: 2.5758293035489004
    } -%}
    {{ return(numbers[level]) }}
{%- endmacro %}

{# The same in SQL. #}
{% macro z_value(level=95) -%}
    cast({{ z_number(level) }} as double precision)
{%- endmacro %}

{# The two-sided t of a level: exact for 1 and 2 degrees of freedom, else
   Cornish and Fisher's expansion in 1/df (Abramowitz and Stegun 26.7.5), at
   95 % within 0.13 % for 3 degrees, 0.011 % from 5 and 0.001 % from 9 on. #}
{% macro t_value(df, level=95) -%}
    {%- set z = z_number(level) -%}
    {%- set z2 = z * z -%}
    {%- set c1 = (z2 + 1) * z / 4 -%}
    {%- set c2 = ((5 * z2 + 16) * z2 + 3) * z / 96 -%}
    {%- set c3 = (((3 * z2 + 19) * z2 + 17) * z2 - 15) * z / 384 -%}
    {%- set c4 = (
        ((((79 * z2 + 776) * z2 + 1482) * z2 - 1920) * z2 - 945) * z / 92160
    ) -%}
    case
        when {{ df }} = 1
            then tan(acos(-1e0) * {{ level }} / 200)
        when {{ df }} = 2
            then {{ level }} / 100e0
                * sqrt(2e0 / (1 - {{ level }} / 100e0 * {{ level }} / 100e0))
        when {{ df }} > 2
            then cast({{ z }} as double precision) + (
                cast({{ c1 }} as double precision) + (
                    cast({{ c2 }} as double precision) + (
                        cast({{ c3 }} as double precision)
                        + cast({{ c4 }} as double precision) / ({{ df }})
                    ) / ({{ df }})
                ) / ({{ df }})
            ) / ({{ df }})
    end
{%- endmacro %}

{# The two-sided p of a z: Abramowitz and Stegun 26.2.17, within 1.5e-7. PostgreSQL
   calls an `exp` too near 0 an error, so far out z stands still. #}
{% macro two_sided_p(z) -%}
    {%- set z_bound = 'least(abs(' ~ z ~ '), 30)' -%}
    {%- set t = '(1 / (1 + 0.2316419e0 * ' ~ z_bound ~ '))' -%}
    case when {{ z }} is not null then least(
        1e0,
        2 * 0.3989422804014327e0
        * exp(-{{ z_bound }} * {{ z_bound }} / 2)
        * {{ t }} * (0.319381530e0 + {{ t }} * (-0.356563782e0
        + {{ t }} * (1.781477937e0 + {{ t }} * (-1.821255978e0
        + {{ t }} * 1.330274429e0))))
    ) end
{%- endmacro %}
