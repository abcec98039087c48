-- A table, because its tests would work out every film's money again.
{{ config(materialized='table') }}

with

inflated as (

    select
        movie_id,
        cpi_base_year,
        budget_real_usd,
        revenue_real_usd,
        gross_margin_usd,
        modelled_net_usd,
        multiple,
        roi
    from {{ ref('int_movies_money_inflated') }}

),

classes as (

    select budget_class, min_budget_usd, max_budget_usd
    from {{ ref('budget_classes') }}

),

bands as (

    select
        min_budget_usd, max_budget_usd, low_multiple, mid_multiple, high_multiple
    from {{ ref('break_even_bands') }}

),

final as (

    select
        inflated.movie_id,
        inflated.cpi_base_year,
        inflated.budget_real_usd,
        inflated.revenue_real_usd,
        inflated.gross_margin_usd,
        inflated.modelled_net_usd,
        inflated.multiple,
        inflated.roi,
        classes.budget_class,
        {{ break_even_state(
            'inflated.multiple', 'bands.low_multiple', 'bands.high_multiple'
        ) | indent(8) }} as break_even_state,
        bands.low_multiple as break_even_low_multiple,
        bands.mid_multiple as break_even_mid_multiple,
        bands.high_multiple as break_even_high_multiple,
        {{ break_even_gap(
            'inflated.budget_real_usd',
            'inflated.revenue_real_usd',
            'bands.mid_multiple'
        ) }} as break_even_gap_real_usd

    from inflated
    left join classes
        on {{ is_in_range(
            'inflated.budget_real_usd',
            'classes.min_budget_usd',
            'classes.max_budget_usd'
        ) }}
    left join bands
        on {{ is_in_range(
            'inflated.budget_real_usd',
            'bands.min_budget_usd',
            'bands.max_budget_usd'
        ) }}

)

select * from final
