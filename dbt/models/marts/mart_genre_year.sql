with

films as (

    select genre_key, genre_weight, release_year, revenue_real_usd
    from {{ ref('int_movies_genres_valued') }}

),

counted as (

    select
        genre_key,
        release_year,
        count(*) as n_population,
        count(revenue_real_usd) as n_known_revenue,
        {{ exact_sum('genre_weight') }} as weighted_films,
        {{ exact_sum('genre_weight * revenue_real_usd') }}
            as weighted_revenue_real_usd
    from films
    group by genre_key, release_year

),

years as (

    select
        release_year,
        {{ exact_sum('weighted_films') }} as weighted_films,
        {{ exact_sum('weighted_revenue_real_usd') }}
            as weighted_revenue_real_usd
    from counted
    group by release_year

),

as_of as (

    select {{ year_of('as_of_date') }} as as_of_year
    from {{ ref('int_observations_dated') }}

),

final as (

    select
        genres.genre_id,
        coalesce(genres.genre_name, 'No genre') as genre_name,
        counted.release_year,
        counted.release_year < as_of.as_of_year as is_complete_year,
        counted.n_population,
        counted.weighted_films,
        counted.weighted_films / years.weighted_films as film_share,
        counted.n_known_revenue,
        cast(counted.n_known_revenue as double precision)
            / counted.n_population as revenue_coverage,
        counted.weighted_revenue_real_usd,
        counted.weighted_revenue_real_usd
            / nullif(years.weighted_revenue_real_usd, 0) as revenue_real_share

    from counted
    cross join as_of
    inner join years
        on counted.release_year = years.release_year
    left join {{ ref('dim_genres') }} as genres
        on counted.genre_key = genres.genre_id

)

select * from final
