{# How an engine stores a table. Nothing here changes a value. #}

{# Statistics for the planner at once, rather than when the server's own
   collector comes by. DuckDB keeps its own. #}
{% macro analyze_table(relation) -%}
    {{ return(adapter.dispatch('analyze_table')(relation)) }}
{%- endmacro %}

{% macro default__analyze_table(relation) -%}
{%- endmacro %}

{% macro postgres__analyze_table(relation) -%}
    analyze {{ relation }}
{%- endmacro %}

{# The models' `indexes` are for Postgres. DuckDB scans columns faster than it
   looks rows up, and its indexes take memory and space in the file. #}
{% macro duckdb__get_create_index_sql(relation, index_dict) -%}
{%- endmacro %}
