{# What DuckDB spells its own way. #}

{% macro duckdb__any_value(expression) -%}
    arbitrary({{ expression }})
{%- endmacro %}

{% macro duckdb__date(year, month, day) -%}
    make_date({{ year }}, {{ month }}, {{ day }})
{%- endmacro %}

{% macro duckdb__dateadd(datepart, interval, from_date_or_timestamp) -%}
    {%- set factors = {'quarter': (3, 'month'), 'week': (7, 'day')} -%}
    {%- set unit = datepart | lower -%}
    {%- if unit in factors -%}
        ({{ from_date_or_timestamp }} + (cast({{ interval }} as bigint) * {{ factors[unit][0] }}) * interval 1 {{ factors[unit][1] }})
    {%- else -%}
        ({{ from_date_or_timestamp }} + cast({{ interval }} as bigint) * interval 1 {{ unit }})
    {%- endif -%}
{%- endmacro %}

{% macro duckdb__datediff(first_date, second_date, datepart) -%}
    {%- if datepart == 'week' -%}
        ({{ datediff(first_date, second_date, 'day') }} // 7 + case
            when date_part('dow', ({{ first_date }})::timestamp) <= date_part('dow', ({{ second_date }})::timestamp) then
                case when {{ first_date }} <= {{ second_date }} then 0 else -1 end
            else
                case when {{ first_date }} <= {{ second_date }} then 1 else 0 end
        end)
    {%- else -%}
        (date_diff('{{ datepart }}', {{ first_date }}::timestamp, {{ second_date }}::timestamp ))
    {%- endif -%}
{%- endmacro %}

{% macro duckdb__last_day(date, datepart) -%}
    {%- if datepart == 'quarter' -%}
        cast({{ dbt.dateadd('day', '-1', dbt.dateadd('month', '3', dbt.date_trunc(datepart, date))) }} as date)
    {%- else -%}
        {{ dbt.default_last_day(date, datepart) }}
    {%- endif -%}
{%- endmacro %}

{% macro duckdb__listagg(measure, delimiter_text, order_by_clause, limit_num) -%}
    {%- set ordered = measure ~ ' ' ~ (order_by_clause or '') -%}
    {%- if limit_num -%}
        list_aggr((array_agg({{ ordered }}))[1:{{ limit_num }}], 'string_agg', {{ delimiter_text }})
    {%- else -%}
        string_agg({{ measure }}, {{ delimiter_text }} {{ order_by_clause or '' }})
    {%- endif -%}
{%- endmacro %}

{% macro duckdb__split_part(string_text, delimiter_text, part_number) -%}
    string_split({{ string_text }}, {{ delimiter_text }})[ {{ part_number }} ]
{%- endmacro %}

{% macro duckdb__current_timestamp() -%}
    now()
{%- endmacro %}

{% macro duckdb__get_create_index_sql(relation, index_dict) -%}
    {%- set index = adapter.parse_index(index_dict) -%}
    create {{ 'unique ' if index.unique else '' }}index if not exists "{{ index.render(relation) }}"
    on {{ relation }} ({{ index.columns | join(', ') }})
{%- endmacro %}

{% macro duckdb__snapshot_get_time() -%}
    {{ current_timestamp() }}::timestamp
{%- endmacro %}

{% macro duckdb__get_incremental_default_sql(arg_dict) -%}
    {{ return(get_incremental_delete_insert_sql(arg_dict)) }}
{%- endmacro %}

{% macro duckdb__get_delete_insert_merge_sql(target, source, unique_key, dest_columns, incremental_predicates) -%}
    {%- set keys = [unique_key] if unique_key is string else unique_key or [] -%}
    {%- if unique_key is string %}
        delete from {{ target }} where ({{ unique_key }}) in (select ({{ unique_key }}) from {{ source }})
    {%- elif keys %}
        delete from {{ target }} as DBT_INCREMENTAL_TARGET using {{ source }} where
        {% for key in keys -%}
            {{ source }}.{{ key }} = DBT_INCREMENTAL_TARGET.{{ key }}{{ ' and ' if not loop.last }}
        {%- endfor -%}
    {%- endif -%}
    {%- if keys -%}
        {% for predicate in merge_predicates(incremental_predicates) %} and {{ predicate }}{% endfor %};
    {%- endif %}
    {{ get_insert_into_sql(target, source, dest_columns) }}
{%- endmacro %}

{% macro duckdb__get_merge_sql(target, source, unique_key, dest_columns, incremental_predicates) -%}
    {%- set shared = config.get('merge_on_using_columns') or [] -%}
    {%- set predicates = merge_predicates(incremental_predicates) -%}
    {%- set expressions = config.get('merge_update_set_expressions') or {} -%}
    {%- set chosen = config.get('merge_update_columns') or config.get('merge_exclude_columns') -%}
    {%- set update_condition = config.get('merge_update_condition') -%}
    {%- set insert_condition = config.get('merge_insert_condition') -%}
    {%- set assignments = [] -%}
    {%- if chosen or expressions -%}
        {%- for name, expression in expressions.items() -%}
            {%- do assignments.append(name ~ ' = ' ~ expression) -%}
        {%- endfor -%}
        {%- for name in get_merge_update_columns(config.get('merge_update_columns'), config.get('merge_exclude_columns'), dest_columns) if name | replace('"', '') not in expressions -%}
            {%- do assignments.append(name ~ ' = DBT_INTERNAL_SOURCE.' ~ name) -%}
        {%- endfor -%}
    {%- endif -%}
    merge into {{ target }} as DBT_INTERNAL_DEST
    using {{ source }} as DBT_INTERNAL_SOURCE
    {% if shared -%}
        using ({{ shared | join(', ') }}){% if predicates %} on ({{ predicates | join(') and (') }}){% endif %}
    {%- else -%}
        on ({{ (merge_key_conditions(unique_key) + predicates) | join(') and (') }})
    {%- endif %}
    when matched{{ ' and ' ~ update_condition if update_condition }}
        then update {{ 'set ' ~ (assignments | join(', ')) if assignments else 'by name' }}
    when not matched{{ ' and ' ~ insert_condition if insert_condition }}
        then insert by name
{%- endmacro %}

{% macro duckdb__generate_series(upper_bound) -%}
    select generate_series as generated_number
    from generate_series(1, {{ upper_bound }})
{%- endmacro %}
