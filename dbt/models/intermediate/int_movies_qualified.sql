-- A table, because five models and tests ask which films count.
{{ config(materialized='table') }}

with

movies as (

    select
        movie_id, status, release_date, runtime_minutes, is_adult, is_video
    from {{ ref('int_movies_newest') }}

),

money as (

    select movie_id, budget_usd, budget_state, revenue_state
    from {{ ref('int_movies_money_judged') }}

),

release_types as (

    select movie_id, release_type_state
    from {{ ref('int_movies_release_typed') }}

),

as_of as (

    select as_of_date
    from {{ ref('int_observations_dated') }}

),

populated as (

    select
        movies.movie_id,
        coalesce(
            movies.status = 'Released'
            and not coalesce(movies.is_adult, false)
            and not coalesce(movies.is_video, false)
            and movies.runtime_minutes >= {{ var('min_runtime_minutes') }}
            and movies.release_date <= as_of.as_of_date,
            false
        ) as is_in_population

    from movies
    cross join as_of

),

final as (

    select
        populated.movie_id,
        populated.is_in_population,
        populated.is_in_population
        and money.budget_state = 'known'
        and money.revenue_state = 'known'
        and money.budget_usd >= {{ var('analysis_budget_floor_usd') }}
        and release_types.release_type_state <> 'streaming only'
            as is_in_analysis_set

    from populated
    inner join money
        on populated.movie_id = money.movie_id
    inner join release_types
        on populated.movie_id = release_types.movie_id

)

select * from final
