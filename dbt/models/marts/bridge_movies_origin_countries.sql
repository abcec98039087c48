with

entries as (

    select movie_id, country_code, list_position, is_from_production
    from {{ ref('int_movies_origin_countries_exploded') }}

),

final as (

    select
        movie_id,
        country_code,
        is_from_production,
        cast(
            row_number() over (
                partition by movie_id order by list_position asc
            ) as integer
        ) as country_position,
        cast(1 as double precision)
            / count(*) over (partition by movie_id) as country_weight

    from entries

)

select * from final
