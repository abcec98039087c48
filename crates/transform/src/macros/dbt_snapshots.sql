{# What a snapshot's SQL is made of where projects have their own. #}

{% macro snapshot_get_time() -%}
    {{ return(adapter.dispatch('snapshot_get_time', 'dbt')()) }}
{%- endmacro %}

{% macro default__snapshot_get_time() -%}
    {{ current_timestamp() }}
{%- endmacro %}

{% macro snapshot_hash_arguments(args) -%}
    {{ return(adapter.dispatch('snapshot_hash_arguments', 'dbt')(args)) }}
{%- endmacro %}

{% macro default__snapshot_hash_arguments(args) -%}
    {%- set texts = [] -%}
    {%- for arg in args -%}
        {%- do texts.append("coalesce(cast(" ~ (arg | string | trim) ~ " as varchar), '')") -%}
    {%- endfor -%}
    md5({{ texts | join(" || '|' || ") }})
{%- endmacro %}
