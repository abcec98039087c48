with

moved as (

    select *
    from {{ ref('int_popularity_compared') }}

),

-- One list of names with the media type as a column: a condition on the left
-- side of an outer join would compare each mover with each name.
items as (

    select
        'movie' as media_type,
        movie_id as media_id,
        title as item_name,
        release_date,
        is_in_population
    from {{ ref('mart_movies') }}

    union all

    select
        'person' as media_type,
        person_id as media_id,
        person_name as item_name,
        cast(null as date) as release_date,
        cast(null as boolean) as is_in_population
    from {{ ref('dim_people') }}

),

final as (

    select
        moved.media_type,
        moved.media_id,
        items.item_name,
        moved.export_date,
        moved.popularity,
        moved.popularity_rank,
        moved.previous_popularity,
        moved.previous_rank,
        moved.was_under_floor,
        moved.ln_popularity_change,
        moved.previous_rank - moved.popularity_rank as rank_change,
        items.release_date,
        cast(moved.export_date - items.release_date as integer)
            as days_since_release,
        case
            when moved.media_type = 'movie'
                then coalesce(items.is_in_population, false)
        end as is_in_population

    from moved
    left join items
        on
            moved.media_type = items.media_type
            and moved.media_id = items.media_id

)

select * from final
