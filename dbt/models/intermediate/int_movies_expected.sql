-- A table, because several marts build on it and its windows should run once.
{{ config(materialized='table') }}

{% set cell = [
    'cell_level', 'budget_decile', 'primary_genre_id', 'era_start_year',
    'is_franchise'
] | join(', ') %}

with

celled as (

    select
        movie_id, level_order, film_budget_decile, revenue_real_usd, {{ cell }}
    from {{ ref('int_movies_celled') }}

),

placed as (

    select
        *,
        row_number() over (
            partition by {{ cell }} order by revenue_real_usd asc, movie_id asc
        ) as place,
        count(*) over (partition by {{ cell }}) as n_films

    from celled

),

-- The three amounts around the middle of the cell.
centred as (

    select
        *,
        n_films - 1 >= {{ var('min_expected_peers') }} as is_enough,
        {% for name, offset in [('below', 0), ('middle', 2), ('above', 4)] -%}
        max(
            case
                when 2 * place = n_films - n_films % 2 + {{ offset }}
                    then revenue_real_usd
            end
        ) over (partition by {{ cell }}) as {{ name }}{{ "," if not loop.last }}
        {% endfor %}
    from placed

),

-- The finest cell that has enough others.
ranked as (

    select
        *,
        row_number() over (
            partition by movie_id order by is_enough desc, level_order asc
        ) as level_rank

    from centred

),

expected as (

    select
        movie_id,
        film_budget_decile as budget_decile,
        revenue_real_usd,
        case when is_enough then cell_level end as expected_level,
        case when is_enough then n_films - 1 end as n_expected_peers,
        case
            when is_enough
                then {{ median_log_of_others(
                    'place', 'n_films', 'below', 'middle', 'above'
                ) | indent(16) }}
        end as expected_log_revenue

    from ranked
    where level_rank = 1

),

final as (

    select
        movie_id,
        budget_decile,
        expected_log_revenue,
        expected_level,
        n_expected_peers,
        {{ log_of('revenue_real_usd') }} - expected_log_revenue
            as log_revenue_residual

    from expected

)

select * from final
