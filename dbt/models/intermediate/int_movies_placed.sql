with

movies as (

    select
        movie_id,
        release_date,
        {{ year_of('release_date') }} as release_year,
        runtime_minutes
    from {{ ref('int_movies_newest') }}

),

days as (

    select date_day, release_window, is_dump_period
    from {{ ref('int_days_placed') }}

),

origins as (

    select
        movie_id,
        country_code,
        row_number() over (
            partition by movie_id order by list_position asc
        ) as country_rank
    from {{ ref('int_movies_origin_countries_exploded') }}

),

final as (

    select
        movies.movie_id,
        {{ month_of('movies.release_date') }} as release_month,
        {{ weekday_of('movies.release_date') }} as release_weekday,
        days.release_window,
        days.is_dump_period,
        {{ era_of('movies.release_year') }} as era_start_year,
        origins.country_code as origin_country_code,
        movies.runtime_minutes - movies.runtime_minutes % 10
            as runtime_bin_start

    from movies
    left join days
        on movies.release_date = days.date_day
    left join origins
        on
            movies.movie_id = origins.movie_id
            and origins.country_rank = 1

)

select * from final
