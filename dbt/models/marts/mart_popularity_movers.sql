with

moved as (

    select *
    from {{ ref('int_popularity_compared') }}

),

movies as (

    select movie_id, title, release_date, is_in_population
    from {{ ref('mart_movies') }}

),

people as (

    select person_id, person_name
    from {{ ref('dim_people') }}

),

final as (

    select
        moved.media_type,
        moved.media_id,
        coalesce(movies.title, people.person_name) as item_name,
        moved.export_date,
        moved.popularity,
        moved.popularity_rank,
        moved.previous_popularity,
        moved.previous_rank,
        moved.was_under_floor,
        moved.ln_popularity_change,
        moved.previous_rank - moved.popularity_rank as rank_change,
        movies.release_date,
        cast(moved.export_date - movies.release_date as integer)
            as days_since_release,
        case
            when moved.media_type = 'movie'
                then coalesce(movies.is_in_population, false)
        end as is_in_population

    from moved
    left join movies
        on moved.media_type = 'movie' and moved.media_id = movies.movie_id
    left join people
        on moved.media_type = 'person' and moved.media_id = people.person_id

)

select * from final
