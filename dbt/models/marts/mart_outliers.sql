{% set measures = {
    'residual': 'log_revenue_residual',
    'break-even gap': 'break_even_gap_real_usd'
} %}

with

films as (

    select
        movie_id, title, release_year, budget_usd, budget_real_usd,
        revenue_real_usd, roi, break_even_state,
        break_even_gap_real_usd, log_revenue_residual
    from {{ ref('mart_movies') }}
    where
        is_in_analysis_set
        and budget_usd >= {{ var('outlier_budget_floor_usd') }}

),

-- By either measure, each sign for itself.
measured as (

    {% for measure, column in measures.items() -%}
    select
        '{{ measure }}' as outlier_measure,
        case when {{ column }} > 0 then 'over' else 'under' end
            as outlier_direction,
        cast(abs({{ column }}) as double precision) as distance,
        films.*
    from films
    where {{ column }} <> 0
    {% if not loop.last %}
    union all

    {% endif %}
    {%- endfor %}
),

ranked as (

    select
        *,
        row_number() over (
            partition by outlier_measure, outlier_direction
            order by distance desc, movie_id asc
        ) as outlier_rank,
        count(*) over (partition by outlier_measure) as n_films

    from measured

),

final as (

    select
        outlier_measure,
        outlier_direction,
        cast(outlier_rank as integer) as outlier_rank,
        movie_id,
        title,
        release_year,
        budget_real_usd,
        revenue_real_usd,
        roi,
        break_even_state,
        break_even_gap_real_usd,
        log_revenue_residual,
        n_films

    from ranked
    where outlier_rank <= {{ var('n_outliers') }}

)

select * from final
