with

entries as (

    select movie_id, genre_id, list_position
    from {{ ref('int_movies_genres_exploded') }}

),

final as (

    select
        movie_id,
        genre_id,
        cast(
            row_number() over (
                partition by movie_id order by list_position asc
            ) as integer
        ) as genre_position,
        row_number() over (
            partition by movie_id order by list_position asc
        ) = 1 as is_primary,
        cast(1 as double precision)
            / count(*) over (partition by movie_id) as genre_weight

    from entries

)

select * from final
