{# Popularity moves every day. A history of it keeps the step of a 1-2-5 scale
   that it has reached: 0 under the lowest, null when unknown. #}
{% macro popularity_step(popularity) -%}
    case
        {%- for step in var('popularity_steps') %}
        when {{ popularity }} >= {{ step }} then {{ step }}
        {%- endfor %}
        when {{ popularity }} is not null then 0
    end
{%- endmacro %}

{# What an attribute did between two versions of a row: 'entered' where nothing
   was known, 'cleared' where nothing is any more, else 'changed'. #}
{% macro change_kind(old_value, new_value) -%}
    case
        when {{ old_value }} is null then 'entered'
        when {{ new_value }} is null then 'cleared'
        else 'changed'
    end
{%- endmacro %}

{# Whether an amount rose or fell by more than a believable factor. #}
{% macro is_tenfold(factor) -%}
    coalesce(
        {{ factor }} > {{ var('max_believable_change') }}
        or {{ factor }} * {{ var('max_believable_change') }} < 1,
        false
    )
{%- endmacro %}

{# The same for the film itself; a first version has no older one. #}
{% macro existence_change_kind(was_gone, is_gone) -%}
    case
        when {{ is_gone }} then 'removed'
        when {{ was_gone }} then 'returned'
        else 'added'
    end
{%- endmacro %}
