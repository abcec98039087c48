with

prices as (

    select price_year, cpi_u
    from {{ ref('us_cpi_u') }}

),

as_of as (

    select {{ year_of('as_of_date') }} as as_of_year
    from {{ ref('int_observations_dated') }}

),

-- The base is the last full year, or the last one that the index knows.
base_years as (

    select max(prices.price_year) as base_year
    from prices
    cross join as_of
    where prices.price_year < as_of.as_of_year

),

bases as (

    select base_years.base_year, prices.cpi_u as base_cpi_u
    from base_years
    inner join prices
        on base_years.base_year = prices.price_year

),

final as (

    select
        prices.price_year,
        bases.base_year,
        cast(bases.base_cpi_u as double precision)
            / cast(prices.cpi_u as double precision) as factor_to_base

    from prices
    cross join bases

)

select * from final
