{# What Postgres spells its own way. #}

{% macro postgres__any_value(expression) -%}
    min({{ expression }})
{%- endmacro %}

{% macro postgres__dateadd(datepart, interval, from_date_or_timestamp) -%}
    {{ from_date_or_timestamp }} + ((interval '1 {{ datepart }}') * ({{ interval }}))
{%- endmacro %}

{% macro postgres__datediff(first_date, second_date, datepart) -%}
    {%- set months = {'month': 1, 'quarter': 3} -%}
    {%- set seconds = {'second': 1, 'minute': 60, 'hour': 3600} -%}
    {%- set first, second = '(' ~ first_date ~ ')', '(' ~ second_date ~ ')' -%}
    {%- if datepart == 'year' -%}
        (date_part('year', {{ second }}::date) - date_part('year', {{ first }}::date))
    {%- elif datepart == 'quarter' -%}
        ({{ datediff(first_date, second_date, 'year') }} * 4 + date_part('quarter', {{ second }}::date) - date_part('quarter', {{ first }}::date))
    {%- elif datepart == 'month' -%}
        ({{ datediff(first_date, second_date, 'year') }} * 12 + date_part('month', {{ second }}::date) - date_part('month', {{ first }}::date))
    {%- elif datepart == 'day' -%}
        ({{ second }}::date - {{ first }}::date)
    {%- elif datepart == 'week' -%}
        ((date_trunc('week', {{ second }}::timestamp)::date - date_trunc('week', {{ first }}::timestamp)::date) / 7)
    {%- elif datepart in seconds -%}
        (extract(epoch from date_trunc('{{ datepart }}', {{ second }}::timestamp) - date_trunc('{{ datepart }}', {{ first }}::timestamp)) / {{ seconds[datepart] }})::bigint
    {%- else -%}
        {{ exceptions.raise_compiler_error("datediff does not know the part '" ~ datepart ~ "'") }}
    {%- endif -%}
{%- endmacro %}

{% macro postgres__last_day(date, datepart) -%}
    {%- if datepart == 'quarter' -%}
        cast({{ dbt.dateadd('day', '-1', dbt.dateadd('month', '3', dbt.date_trunc(datepart, date))) }} as date)
    {%- else -%}
        {{ dbt.default_last_day(date, datepart) }}
    {%- endif -%}
{%- endmacro %}

{% macro postgres__listagg(measure, delimiter_text, order_by_clause, limit_num) -%}
    {%- if limit_num -%}
        array_to_string((array_agg({{ measure }} {{ order_by_clause or '' }}))[1:{{ limit_num }}], {{ delimiter_text }})
    {%- else -%}
        string_agg({{ measure }}, {{ delimiter_text }} {{ order_by_clause or '' }})
    {%- endif -%}
{%- endmacro %}

{% macro postgres__current_timestamp() -%}
    now()
{%- endmacro %}
