{# Student's interval of a mean, from mean, sample standard deviation and n;
   null of fewer than two values. #}
{% macro mean_low(mean, deviation, n, level=95) -%}
    case when {{ n }} > 1 then
        {{ mean }} - ({{ t_value('(' ~ n ~ ' - 1)', level) }})
        * {{ deviation }} / sqrt(cast({{ n }} as double precision))
    end
{%- endmacro %}

{% macro mean_high(mean, deviation, n, level=95) -%}
    case when {{ n }} > 1 then
        {{ mean }} + ({{ t_value('(' ~ n ~ ' - 1)', level) }})
        * {{ deviation }} / sqrt(cast({{ n }} as double precision))
    end
{%- endmacro %}
