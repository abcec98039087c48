with

judged as (

    select
        movie_id,
        {{ year_of('release_date') }} as release_year,
        {{ known_amount('budget_usd', 'budget_state') }} as budget_usd,
        {{ known_amount('revenue_usd', 'revenue_state') }} as revenue_usd
    from {{ ref('int_movies_money_judged') }}

),

prices as (

    select price_year, base_year, factor_to_base
    from {{ ref('int_consumer_prices_indexed') }}

),

last_price_years as (

    select max(price_year) as last_price_year
    from prices

),

-- Years after the index's last one borrow its level; years before its first
-- one have none, and their real amounts stay null.
priced as (

    select
        judged.movie_id,
        judged.budget_usd,
        judged.revenue_usd,
        case
            when judged.release_year > last_price_years.last_price_year
                then last_price_years.last_price_year
            else judged.release_year
        end as price_year

    from judged
    cross join last_price_years

),

final as (

    select
        priced.movie_id,
        prices.base_year as cpi_base_year,
        {{ inflated('priced.budget_usd', 'prices.factor_to_base') }}
            as budget_real_usd,
        {{ inflated('priced.revenue_usd', 'prices.factor_to_base') }}
            as revenue_real_usd,
        priced.revenue_usd - priced.budget_usd as gross_margin_usd,
        {{ multiple('priced.budget_usd', 'priced.revenue_usd') }} as multiple,
        {{ return_on_budget('priced.budget_usd', 'priced.revenue_usd') }} as roi

    from priced
    left join prices
        on priced.price_year = prices.price_year

)

select * from final
