-- A table, because the components and the effects both read it.
{{ config(materialized='table') }}

with

films as (

    select
        person_id,
        person_role,
        movie_id,
        release_date,
        log_revenue_residual,
        is_past_break_even,
        rating_score
    from {{ ref('int_person_films') }}
    where is_counted and is_leading and log_revenue_residual is not null

),

recent as (

    select films.*
    from films
    cross join {{ ref('int_observations_dated') }} as as_of
    where
        films.release_date > cast(
            as_of.as_of_date
            - interval '{{ var("bankability_years") }} years' as date
        )

),

final as (

    select *, 'all time' as period from films
    union all
    select *, 'recent' as period from recent

)

select * from final
