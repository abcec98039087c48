{# What Postgres spells its own way. #}

{% macro postgres__any_value(expression) -%}
    min({{ expression }})
{%- endmacro %}

{% macro postgres__dateadd(datepart, interval, from_date_or_timestamp) -%}
    {{ from_date_or_timestamp }} + ((interval '1 {{ datepart }}') * ({{ interval }}))
{%- endmacro %}

{% macro postgres__datediff(first_date, second_date, datepart) -%}
    {%- set first, second = '(' ~ first_date ~ ')', '(' ~ second_date ~ ')' -%}
    {%- set larger = {
        'quarter': ('year', 4), 'month': ('year', 12), 'hour': ('day', 24), 'minute': ('hour', 60),
        'second': ('minute', 60), 'millisecond': ('minute', 60000), 'microsecond': ('minute', 60000000),
    } -%}
    {%- if datepart == 'year' -%}
        (date_part('year', {{ second }}::date) - date_part('year', {{ first }}::date))
    {%- elif datepart in ('quarter', 'month') -%}
        ({{ datediff(first_date, second_date, 'year') }} * {{ larger[datepart][1] }} + date_part('{{ datepart }}', {{ second }}::date) - date_part('{{ datepart }}', {{ first }}::date))
    {%- elif datepart == 'day' -%}
        ({{ second }}::date - {{ first }}::date)
    {%- elif datepart == 'week' -%}
        ({{ datediff(first_date, second_date, 'day') }} / 7 + case
            when date_part('dow', {{ first }}::timestamp) <= date_part('dow', {{ second }}::timestamp) then
                case when {{ first_date }} <= {{ second_date }} then 0 else -1 end
            else
                case when {{ first_date }} <= {{ second_date }} then 1 else 0 end
        end)
    {%- elif datepart in ('hour', 'minute') -%}
        ({{ datediff(first_date, second_date, larger[datepart][0]) }} * {{ larger[datepart][1] }} + date_part('{{ datepart }}', {{ second }}::timestamp) - date_part('{{ datepart }}', {{ first }}::timestamp))
    {%- elif datepart in larger -%}
        ({{ datediff(first_date, second_date, 'minute') }} * {{ larger[datepart][1] }} + floor(date_part('{{ datepart }}', {{ second }}::timestamp)) - floor(date_part('{{ datepart }}', {{ first }}::timestamp)))
    {%- else -%}
        {{ exceptions.raise_compiler_error("datediff does not know the part '" ~ datepart ~ "'") }}
    {%- endif -%}
{%- endmacro %}

{% macro postgres__split_part(string_text, delimiter_text, part_number) -%}
    {%- if part_number >= 0 -%}
        {{ dbt.default__split_part(string_text, delimiter_text, part_number) }}
    {%- else -%}
        split_part({{ string_text }}, {{ delimiter_text }}, length({{ string_text }}) - length(replace({{ string_text }}, {{ delimiter_text }}, '')) + 2 + {{ part_number }})
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

{% macro postgres__get_create_index_sql(relation, index_dict) -%}
    {%- set index = adapter.parse_index(index_dict) -%}
    create {{ 'unique ' if index.unique else '' }}index if not exists "{{ index.render(relation) }}"
    on {{ relation }}{{ ' using ' ~ index.type if index.type else '' }} ({{ index.columns | join(', ') }})
{%- endmacro %}

{% macro postgres__snapshot_get_time() -%}
    {{ current_timestamp() }}::timestamp without time zone
{%- endmacro %}

{% macro postgres__get_incremental_default_sql(arg_dict) -%}
    {{ return(get_incremental_delete_insert_sql(arg_dict) if arg_dict['unique_key'] else get_incremental_append_sql(arg_dict)) }}
{%- endmacro %}
