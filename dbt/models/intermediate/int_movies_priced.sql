with

movies as (

    select movie_id, {{ year_of('release_date') }} as release_year
    from {{ ref('int_movies_newest') }}

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
-- one have none.
dated as (

    select
        movies.movie_id,
        case
            when movies.release_year > last_price_years.last_price_year
                then last_price_years.last_price_year
            else movies.release_year
        end as price_year

    from movies
    cross join last_price_years

),

final as (

    select
        dated.movie_id,
        dated.price_year,
        prices.base_year as cpi_base_year,
        prices.factor_to_base

    from dated
    left join prices
        on dated.price_year = prices.price_year

)

select * from final
