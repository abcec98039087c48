-- A table, because making a hundred thousand days and keeping half of them
-- should happen once.
{{ config(materialized='table') }}

with

movies as (

    select release_date
    from {{ ref('int_movies_newest') }}

),

as_of as (

    select {{ year_of('as_of_date') }} as as_of_year
    from {{ ref('int_observations_dated') }}

),

digits as (

    select digit
    from (
        values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)
    ) as listed (digit)

),

-- A hundred thousand days: 1870 to 2143.
days as (

    select
        cast('1870-01-01' as date) + (
            units.digit
            + 10 * tens.digit
            + 100 * hundreds.digit
            + 1000 * thousands.digit
            + 10000 * ten_thousands.digit
        ) as date_day

    from digits as units
    cross join digits as tens
    cross join digits as hundreds
    cross join digits as thousands
    cross join digits as ten_thousands

),

release_years as (

    select
        coalesce(min({{ year_of('release_date') }}), 1900) as first_year,
        coalesce(max({{ year_of('release_date') }}), 1900) as last_year
    from movies

),

-- Whole years: from 1900 or the first release, to five years ahead or the
-- last release.
bounds as (

    select
        least(1900, release_years.first_year) as first_year,
        greatest(
            release_years.last_year, coalesce(as_of.as_of_year, 1900) + 5
        ) as last_year
    from release_years
    cross join as_of

),

final as (

    select days.date_day, {{ year_of('days.date_day') }} as calendar_year
    from days
    cross join bounds
    where
        {{ year_of('days.date_day') }}
        between bounds.first_year and bounds.last_year

)

select * from final
