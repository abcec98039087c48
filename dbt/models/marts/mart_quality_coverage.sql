with

movies as (

    select
        movie_id, release_year, budget_class, budget_state, revenue_state,
        is_in_analysis_set
    from {{ ref('fact_movies') }}
    where is_in_population

),

countries as (

    select movie_id, country_code
    from {{ ref('bridge_movies_origin_countries') }}
    where country_position = 1

),

counted as (

    select
        movies.release_year,
        countries.country_code as origin_country_code,
        movies.budget_class,
        count(*) as n_movies,
        count(case when movies.budget_state = 'known' then 1 end)
            as n_budget_known,
        count(case when movies.budget_state = 'suspect' then 1 end)
            as n_budget_suspect,
        count(case when movies.revenue_state = 'known' then 1 end)
            as n_revenue_known,
        count(case when movies.revenue_state = 'suspect' then 1 end)
            as n_revenue_suspect,
        count(
            case
                when
                    movies.budget_state = 'known'
                    and movies.revenue_state = 'known'
                    then 1
            end
        ) as n_both_known,
        count(case when movies.is_in_analysis_set then 1 end)
            as n_in_analysis_set

    from movies
    left join countries
        on movies.movie_id = countries.movie_id
    group by
        movies.release_year,
        countries.country_code,
        movies.budget_class

),

final as (

    select
        *,
        cast(n_budget_known as double precision) / n_movies as budget_coverage,
        cast(n_revenue_known as double precision) / n_movies
            as revenue_coverage,
        cast(n_both_known as double precision) / n_movies as both_coverage,
        cast(n_in_analysis_set as double precision) / n_movies
            as analysis_set_coverage

    from counted

)

select * from final
