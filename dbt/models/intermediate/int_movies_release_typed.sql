-- A table, because it decides which films count and the lists should be taken
-- apart once.
{{ config(materialized='table') }}

with

movies as (

    select movie_id, release_dates
    from {{ ref('int_movies_newest') }}

),

entries as (

    {{ explode_structs('movies', ['movie_id'], 'release_dates', {
        'type': 'integer'
    }) | indent(4) }}

),

-- TMDB's types: 1 premiere, 2 limited, 3 theatrical, 4 digital, 5 physical,
-- 6 television.
typed as (

    select
        movie_id,
        max(case when "type" between 1 and 3 then 1 else 0 end) as in_cinemas,
        max(case when "type" between 4 and 6 then 1 else 0 end) as at_home
    from entries
    group by movie_id

),

final as (

    select
        movies.movie_id,
        case
            when typed.in_cinemas = 1 then 'theatrical'
            when typed.at_home = 1 then 'streaming only'
            else 'unknown'
        end as release_type_state

    from movies
    left join typed
        on movies.movie_id = typed.movie_id

)

select * from final
