with

judged as (

    select
        movie_id,
        {{ known_amount('budget_usd', 'budget_state') }} as budget_usd,
        {{ known_amount('revenue_usd', 'revenue_state') }} as revenue_usd
    from {{ ref('int_movies_money_judged') }}

),

priced as (

    select movie_id, cpi_base_year, factor_to_base
    from {{ ref('int_movies_priced') }}

),

final as (

    select
        judged.movie_id,
        priced.cpi_base_year,
        {{ inflated('judged.budget_usd', 'priced.factor_to_base') }}
            as budget_real_usd,
        {{ inflated('judged.revenue_usd', 'priced.factor_to_base') }}
            as revenue_real_usd,
        judged.revenue_usd - judged.budget_usd as gross_margin_usd,
        {{ modelled_net('judged.budget_usd', 'judged.revenue_usd') }}
            as modelled_net_usd,
        {{ multiple('judged.budget_usd', 'judged.revenue_usd') }} as multiple,
        {{ return_on_budget('judged.budget_usd', 'judged.revenue_usd') }} as roi

    from judged
    inner join priced
        on judged.movie_id = priced.movie_id

)

select * from final
