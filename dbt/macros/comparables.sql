{#
    Gower's distance between two films: the mean of eight distances from 0 to 1,
    weighted by the variable `comparables_weights`. A part that one of both does
    not know is left out, and the weights of the others make up for it.

    In one step the parts, in the next the mean of them:

        {{ comparable_distances('candidates', 'target', 'ranges', 'shared') }}
        …
        {{ gower_distance() }} as distance,
        {{ gower_known_weight() }} as known_weight

    `candidates` and `target` are rows of `mart_comps`, `ranges` has the ranges
    of both numbers over the films compared, and `shared` how many genres and
    keywords both films have, null for none.
#}
{% macro comparable_distances(one, other, ranges, shared) -%}
    {{ range_distance(
        one ~ '.log_budget_real', other ~ '.log_budget_real',
        ranges ~ '.log_budget_range'
    ) }} as log_budget_distance,
    {{ jaccard_distance(
        shared ~ '.n_genres', one ~ '.n_genres', other ~ '.n_genres'
    ) }} as genres_distance,
    {{ jaccard_distance(
        shared ~ '.n_keywords', one ~ '.n_keywords', other ~ '.n_keywords'
    ) }} as keywords_distance,
    {{ equality_distance(
        one ~ '.original_language', other ~ '.original_language'
    ) }} as language_distance,
    {{ equality_distance(
        one ~ '.origin_country_code', other ~ '.origin_country_code'
    ) }} as origin_distance,
    {{ equality_distance(one ~ '.release_window', other ~ '.release_window') }}
        as window_distance,
    {{ range_distance(
        one ~ '.runtime_minutes', other ~ '.runtime_minutes',
        ranges ~ '.runtime_range'
    ) }} as runtime_distance,
    {{ equality_distance(one ~ '.is_franchise', other ~ '.is_franchise') }}
        as franchise_distance
{%- endmacro %}

{% macro range_distance(one, other, range) -%}
    case
        when {{ range }} > 0
            then cast(abs({{ one }} - {{ other }}) as double precision)
                / {{ range }}
        when {{ one }} = {{ other }} then 0e0
    end
{%- endmacro %}

{% macro equality_distance(one, other) -%}
    case
        when {{ one }} = {{ other }} then 0e0
        when {{ one }} <> {{ other }} then 1e0
    end
{%- endmacro %}

{# 1 less what both have of what either has; null where a set is unknown. #}
{% macro jaccard_distance(n_shared, n_one, n_other) -%}
    1 - cast(coalesce({{ n_shared }}, 0) as double precision)
        / nullif({{ n_one }} + {{ n_other }} - coalesce({{ n_shared }}, 0), 0)
{%- endmacro %}

{# The weights of the parts that both films know. #}
{% macro gower_known_weight() -%}
    (
        {%- for part, weight in var('comparables_weights').items() %}
        case when {{ part }}_distance is null then 0 else {{ weight }} end
        {{- " +" if not loop.last }}
        {%- endfor %}
    )
{%- endmacro %}

{# Null where the two films know nothing in common. #}
{% macro gower_distance() -%}
    (
        {%- for part, weight in var('comparables_weights').items() %}
        coalesce({{ weight }} * {{ part }}_distance, 0e0)
        {{- " +" if not loop.last }}
        {%- endfor %}
    ) / nullif({{ gower_known_weight() }}, 0)
{%- endmacro %}
