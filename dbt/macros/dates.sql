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

{# Monday 1 to Sunday 7. #}
{% macro weekday_of(date) -%}
    cast(extract(isodow from {{ date }}) as integer)
{%- endmacro %}

{# First year of the five that a year belongs to: 1980, 1985 and so on. #}
{% macro era_of(year) -%}
    {{ year }} - {{ year }} % 5
{%- endmacro %}

{# The nth of a weekday (Monday 1 to Sunday 7) in a month. #}
{% macro nth_weekday(year, month, weekday, nth) -%}
    make_date({{ year }}, {{ month }}, 1) + (
        ({{ weekday }} + 7 - {{ weekday_of(
            'make_date(' ~ year ~ ', ' ~ month ~ ', 1)'
        ) }}) % 7
        + 7 * ({{ nth }} - 1)
    )
{%- endmacro %}

{# When studios release what they expect little of: January, February, and the
   second half of summer up to the end of September. #}
{% macro is_dump_period(date) -%}
    {{ month_of(date) }} in (1, 2, 9)
        or (
            {{ month_of(date) }} = 8
            and extract(day from {{ date }})
            >= {{ var('first_dump_day_of_august') }}
        )
{%- endmacro %}
