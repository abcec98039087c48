{#
    What marts say about a group of films (a company, a country, a language),
    said once. In a model, one step after the other:

        films     as (select {{ film_measures() }} from mart_movies …),
        numbered  as (select group, weight, …, {{ film_positions('group') }} …),
        summed    as (select group, {{ film_sums('weight') }} … group by group)
#}

{# The measures of a film of the population, each null where it may not count:
   returns and residuals are those of the analysis set. #}
{% macro film_measures() -%}
    movie_id,
        release_year,
        {{ known_amount('revenue_usd', 'revenue_state') }} as revenue_usd,
        revenue_real_usd,
        case when is_in_analysis_set then budget_real_usd end
            as staked_real_usd,
        case when is_in_analysis_set then revenue_real_usd end
            as returned_real_usd,
        case when is_in_analysis_set then roi end as roi,
        case when is_in_analysis_set then ln(multiple) end as log_multiple,
        case when is_in_analysis_set then break_even_state end
            as break_even_state,
        case when is_in_analysis_set then log_revenue_residual end
            as log_revenue_residual
{%- endmacro %}

{# The places of the returns in their group, for the interval of its median. #}
{% macro film_positions(group) -%}
    {{ value_position('roi', group) }} as roi_position,
        count(roi) over (partition by {{ group }}) as n_roi
{%- endmacro %}

{# A sum of parts of dollars that comes out the same in whatever order they are
   added, in whole dollars. #}
{% macro weighted_dollars(amount, weight) -%}
    cast(
            floor(sum(cast({{ amount }} * {{ weight }} as decimal(24, 6))) + 0.5)
            as bigint
        )
{%- endmacro %}

{# Counts, span and returns of a group. #}
{% macro film_sums() -%}
    count(*) as n_films,
        count(revenue_real_usd) as n_films_with_revenue,
        count(roi) as n_films_in_analysis_set,
        count(log_revenue_residual) as n_residuals,
        cast(count(roi) as double precision) / count(*) as coverage,
        min(release_year) as first_year,
        max(release_year) as last_year,
        {{ median_with_interval('roi', 'roi_position', 'n_roi') }},
        {{ quantile('roi', 0.25) }} as roi_q1,
        {{ quantile('roi', 0.75) }} as roi_q3,
        {{ quantile('log_multiple', 0.75) }}
        - {{ quantile('log_multiple', 0.25) }} as log_multiple_iqr,
        sum(case when break_even_state = 'likely profit' then 1 else 0 end)
            as n_likely_profits
{%- endmacro %}
