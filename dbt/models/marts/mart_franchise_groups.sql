with

films as (

    select
        case
            when franchise_instalment is null then 'original'
            when franchise_instalment = 1 then 'first film'
            else 'sequel'
        end as film_group,
        {{ film_measures() }}
    from {{ ref('mart_movies') }}
    where is_in_population

),

-- A first film and a sequel are also films of a franchise.
grouped as (

    select film_group as compared_group, films.* from films

    union all

    select 'franchise' as compared_group, films.* from films
    where film_group <> 'original'

),

numbered as (

    select
        *,
        {{ film_positions('compared_group', ['roi', 'residual']) }}

    from grouped

),

summed as (

    select
        compared_group as film_group,
        {{ film_sums() }},
        {{ portfolio_roi(
            'sum(analysed_budget_real_usd)', 'sum(analysed_revenue_real_usd)'
        ) }} as portfolio_roi_real,
        count(residual) as n_residuals,
        {{ median_with_interval('residual', 'residual_position', 'n_residual') }}

    from numbered
    group by compared_group

),

final as (

    select
        film_group,
        film_group <> 'original' as is_franchise,
        n_population,
        n_known_revenue,
        n_analysis,
        coverage,
        {{ sample_size_guard('n_analysis') | indent(8) }}
            as sample_size_guard,
        first_year,
        last_year,
        median_roi,
        median_roi_low,
        median_roi_high,
        roi_q1,
        roi_q3,
        portfolio_roi_real,
        n_residuals,
        median_residual,
        median_residual_low,
        median_residual_high

    from summed

)

select * from final
