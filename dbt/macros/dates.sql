{# Dates without the calendar extension: only what both engines have in common,
   or a dispatch where they differ. #}
{% macro year_of(date) -%}
    cast(extract(year from {{ date }}) as integer)
{%- endmacro %}

{% macro month_of(date) -%}
    cast(extract(month from {{ date }}) as integer)
{%- endmacro %}

{% macro day_name(date) -%}
    {{ return(adapter.dispatch('day_name')(date)) }}
{%- endmacro %}

{% macro default__day_name(date) -%}
    strftime({{ date }}, '%A')
{%- endmacro %}

{% macro postgres__day_name(date) -%}
    to_char({{ date }}, 'FMDay')
{%- endmacro %}

{% macro month_name(date) -%}
    {{ return(adapter.dispatch('month_name')(date)) }}
{%- endmacro %}

{% macro default__month_name(date) -%}
    strftime({{ date }}, '%B')
{%- endmacro %}

{% macro postgres__month_name(date) -%}
    to_char({{ date }}, 'FMMonth')
{%- endmacro %}
