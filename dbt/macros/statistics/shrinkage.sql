{#
    Shrinkage of an entity's mean towards zero, for effects that are
    differences from what was expected. A one-way random-effects model: entity
    i has n_i values around its own mean, and those means vary around the rest.
    From the k entities with at least `min_shrinkage_films` values, N in all:

        within   σ² = Σ (n_i - 1) s_i² / (N - k)
        between  τ² = max(0, (MSB - σ²) / n₀)
        MSB         = Σ n_i (mean_i - mean)² / (k - 1)
        n₀          = (N - Σ n_i² / N) / (k - 1)

    (the method of moments for unequal n, also called the ANOVA estimator).
    With κ = σ² / τ² an entity of any n gets

        effect   mean_i · n / (n + κ)     variance   σ² / (n + κ)

    both written without κ here, which is infinite where τ² is 0: then nobody
    differs, each effect is 0, and there is no interval.

    `variance_components` makes a whole select: one row per combination of
    `groups` (may be empty) with two such entities or more, with both components
    and what they rest on.
#}
{% macro variance_components(relation, groups, entity, value) -%}
    select
        {%- for column in groups %}
        {{ column }},
        {%- endfor %}
        cast(n_entities as bigint) as n_entities,
        cast(n_values as bigint) as n_values,
        {{ to_twelve_places('variance_within') }} as variance_within,
        {{ to_twelve_places(
            'greatest((mean_square_between - variance_within) / entity_size, 0)'
        ) }} as variance_between
    from (
        select
            {%- for column in groups %}
            {{ column }},
            {%- endfor %}
            count(*) as n_entities,
            sum(n_values) as n_values,
            {{ exact_sum('squares_within') }} / (sum(n_values) - count(*))
                as variance_within,
            (
                {{ exact_sum('total * total / n_values') }}
                - power({{ exact_sum('total') }}, 2) / sum(n_values)
            ) / nullif(count(*) - 1, 0) as mean_square_between,
            (sum(n_values) - sum(n_values * n_values) / sum(n_values))
            / nullif(count(*) - 1, 0) as entity_size
        from (
            select
                {%- for column in groups %}
                {{ column }},
                {%- endfor %}
                cast(count(*) as double precision) as n_values,
                {{ exact_sum(value) }} as total,
                power({{ exact_deviation(value) }}, 2) * (count(*) - 1)
                    as squares_within
            from {{ relation }}
            where {{ value }} is not null
            group by {{ (groups + [entity]) | join(', ') }}
            having count(*) >= {{ var('min_shrinkage_films') }}
        ) as entities
        {%- if groups %}
        group by {{ groups | join(', ') }}
        {%- endif %}
    ) as squares
    where n_entities >= 2
{%- endmacro %}

{# The mean of n values, moved towards 0 by how little they say. #}
{% macro shrunk_effect(mean, n, within, between) -%}
    {{ mean }} * {{ n }} * {{ between }}
    / nullif({{ n }} * {{ between }} + {{ within }}, 0)
{%- endmacro %}

{# The standard deviation of what the effect may really be; null where nobody
   differs. #}
{% macro shrunk_effect_deviation(n, within, between) -%}
    case
        when {{ between }} > 0
            then sqrt(
                {{ within }} * {{ between }}
                / ({{ n }} * {{ between }} + {{ within }})
            )
    end
{%- endmacro %}

{# An effect on a logarithm as a share: 0.25 is a quarter more than expected.
   `sides` is -1, 0 or 1: the low end of the 80 % interval, the effect, or the
   high end. #}
{% macro effect_as_share(effect, deviation, side=0) -%}
    exp(
        {{- effect }} {% if side -%}
        {{ '+' if side > 0 else '-' }} {{ z_number(80) }} * {{ deviation }}
        {%- endif -%}
    ) - 1
{%- endmacro %}
