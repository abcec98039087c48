{#
    Nested raw columns are lists of structs on DuckDB and jsonb on Postgres.
    These macros are the only place that knows.

    `explode_structs` makes a whole select: one row per element of
    `list_column`, with the columns in `keep`, the 1-based `list_position`, and
    one column per entry of `fields` (name of the field: its type).
    Null lists and empty lists give no row.
#}
{% macro explode_structs(relation, keep, list_column, fields) -%}
    {{ return(adapter.dispatch('explode_structs')(relation, keep, list_column, fields)) }}
{%- endmacro %}

{% macro default__explode_structs(relation, keep, list_column, fields) -%}
    select
        {%- for column in keep %}
        {{ column }},
        {%- endfor %}
        {%- for name, type in fields.items() %}
        cast(item."{{ name }}" as {{ type }}) as "{{ name }}",
        {%- endfor %}
        cast(list_position as integer) as list_position
    from (
        select
            {%- for column in keep %}
            {{ column }},
            {%- endfor %}
            unnest({{ list_column }}) as item,
            generate_subscripts({{ list_column }}, 1) as list_position
        from {{ relation }}
    ) as exploded
{%- endmacro %}

{% macro postgres__explode_structs(relation, keep, list_column, fields) -%}
    select
        {%- for column in keep %}
        {{ relation }}.{{ column }},
        {%- endfor %}
        {%- for name, type in fields.items() %}
        item."{{ name }}",
        {%- endfor %}
        cast(item.list_position as integer) as list_position
    from {{ relation }}
    cross join lateral rows from (
        jsonb_to_recordset({{ relation }}.{{ list_column }}) as (
            {%- for name, type in fields.items() %}
            "{{ name }}" {{ type }}{{ "," if not loop.last }}
            {%- endfor %}
        )
    ) with ordinality as item (
        {%- for name in fields %}"{{ name }}", {% endfor %}list_position
    )
{%- endmacro %}

{# The same for a list of plain text: the element is called `element`. #}
{% macro explode_texts(relation, keep, list_column) -%}
    {{ return(adapter.dispatch('explode_texts')(relation, keep, list_column)) }}
{%- endmacro %}

{% macro default__explode_texts(relation, keep, list_column) -%}
    select
        {%- for column in keep %}
        {{ column }},
        {%- endfor %}
        cast(element as text) as element,
        cast(list_position as integer) as list_position
    from (
        select
            {%- for column in keep %}
            {{ column }},
            {%- endfor %}
            unnest({{ list_column }}) as element,
            generate_subscripts({{ list_column }}, 1) as list_position
        from {{ relation }}
    ) as exploded
{%- endmacro %}

{% macro postgres__explode_texts(relation, keep, list_column) -%}
    select
        {%- for column in keep %}
        {{ relation }}.{{ column }},
        {%- endfor %}
        item.element,
        cast(item.list_position as integer) as list_position
    from {{ relation }}
    cross join lateral jsonb_array_elements_text({{ relation }}.{{ list_column }})
        with ordinality as item (element, list_position)
{%- endmacro %}

{# One field of a single nested object. #}
{% macro struct_field(column, field, type) -%}
    {{ return(adapter.dispatch('struct_field')(column, field, type)) }}
{%- endmacro %}

{% macro default__struct_field(column, field, type) -%}
    cast({{ column }}."{{ field }}" as {{ type }})
{%- endmacro %}

{% macro postgres__struct_field(column, field, type) -%}
    cast({{ column }} ->> '{{ field }}' as {{ type }})
{%- endmacro %}

{# How many elements a nested list has: null for an unknown list. #}
{% macro list_length(column) -%}
    {{ return(adapter.dispatch('list_length')(column)) }}
{%- endmacro %}

{% macro default__list_length(column) -%}
    cast(len({{ column }}) as integer)
{%- endmacro %}

{% macro postgres__list_length(column) -%}
    jsonb_array_length({{ column }})
{%- endmacro %}
