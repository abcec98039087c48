{# TMDB's gender codes as words. 0 means that nobody entered one: unknown. #}
{% macro gender_name(code) -%}
    case {{ code }}
        when 1 then 'female'
        when 2 then 'male'
        when 3 then 'non-binary'
    end
{%- endmacro %}

{# What a cast credit's character says in brackets, or as the whole name. The
   name comes in lower case: six looks at it, made small once. #}
{% macro is_voice_role(lower_name) -%}
    coalesce({{ lower_name }} like '%(voice%', false)
{%- endmacro %}

{% macro is_uncredited_role(lower_name) -%}
    coalesce({{ lower_name }} like '%uncredited%', false)
{%- endmacro %}

{% macro is_archive_role(lower_name) -%}
    coalesce({{ lower_name }} like '%archiv%footage%', false)
{%- endmacro %}

{% macro is_self_role(lower_name) -%}
    coalesce(
        {{ lower_name }} in ('self', 'himself', 'herself', 'themselves')
        or {{ lower_name }} like 'self %'
        or {{ lower_name }} like 'self-%'
        or {{ lower_name }} like 'himself %'
        or {{ lower_name }} like 'herself %',
        false
    )
{%- endmacro %}

{# The place on the bill, from the 0-based cast order. #}
{% macro billing_of(cast_order) -%}
    case
        when {{ cast_order }} <= {{ var('max_lead_order') }} then 'lead'
        when {{ cast_order }} <= {{ var('max_principal_order') }}
            then 'principal'
        when {{ cast_order }} <= {{ var('max_supporting_order') }}
            then 'supporting'
        when {{ cast_order }} is not null then 'minor'
    end
{%- endmacro %}

{# What a place on the bill is due: 1, 1/2, 1/3 ... of the first orders, none
   after them. In whole parts, the fewest that all of these have: their sum is
   exact, in whatever order it is taken. #}
{% macro billing_share(cast_order) -%}
    {%- set parts = namespace(n=1) -%}
    {%- for place in range(2, var('max_shared_order') + 2) -%}
        {%- set n = parts.n -%}
        {%- for factor in range(1, place + 1) if n * factor % place == 0 -%}
            {%- if loop.first %}{% set parts.n = n * factor %}{% endif -%}
        {%- endfor -%}
    {%- endfor -%}
    case
        when {{ cast_order }} between 0 and {{ var('max_shared_order') }}
            then cast({{ parts.n }} as double precision) / ({{ cast_order }} + 1)
    end
{%- endmacro %}

{# Who wrote the film, and not the book or the play before it. #}
{% macro is_writing_job(job) -%}
    coalesce(
        {{ job }} in (
            {%- for name in var('writing_jobs') %}
            '{{ name }}'{{ "," if not loop.last }}
            {%- endfor %}
        ),
        false
    )
{%- endmacro %}

{# Whole years lived on a day; null before the birth, which only a wrong date
   can be. #}
{% macro age_on(birth_date, date) -%}
    case
        when {{ birth_date }} <= {{ date }}
            then {{ year_of(date) }} - {{ year_of(birth_date) }}
                - case
                    when {{ day_in_year(date) }} < {{ day_in_year(birth_date) }}
                        then 1
                    else 0
                end
    end
{%- endmacro %}

{# Month and day as one number that grows over the year: 1231 is its last. #}
{% macro day_in_year(date) -%}
    {{ month_of(date) }} * 100 + cast(extract(day from {{ date }}) as integer)
{%- endmacro %}
