with

inflated as (

    select movie_id, budget_real_usd, multiple
    from {{ ref('int_movies_money_inflated') }}

),

classes as (

    select budget_class, min_budget_usd, max_budget_usd
    from {{ ref('budget_classes') }}

),

bands as (

    select
        min_budget_usd,
        max_budget_usd,
        low_multiple,
        mid_multiple,
        high_multiple
    from {{ ref('break_even_bands') }}

),

final as (

    select
        inflated.movie_id,
        classes.budget_class,
        bands.low_multiple as break_even_low_multiple,
        bands.mid_multiple as break_even_mid_multiple,
        bands.high_multiple as break_even_high_multiple,
        {{ break_even_state(
            'inflated.multiple', 'bands.low_multiple', 'bands.high_multiple'
        ) | indent(8) }} as break_even_state

    from inflated
    left join classes
        on
            inflated.budget_real_usd >= classes.min_budget_usd
            and inflated.budget_real_usd
            < coalesce(classes.max_budget_usd, inflated.budget_real_usd + 1)
    left join bands
        on
            inflated.budget_real_usd >= bands.min_budget_usd
            and inflated.budget_real_usd
            < coalesce(bands.max_budget_usd, inflated.budget_real_usd + 1)

)

select * from final
