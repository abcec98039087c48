with

entries as (

    select movie_id, keyword_id, list_position
    from {{ ref('int_movies_keywords_exploded') }}

),

keywords as (

    select keyword_id, keyword_name
    from {{ ref('dim_keywords') }}

),

final as (

    select
        entries.movie_id,
        entries.keyword_id,
        keywords.keyword_name,
        cast(
            row_number() over (
                partition by entries.movie_id order by entries.list_position asc
            ) as integer
        ) as keyword_position

    from entries
    inner join keywords
        on entries.keyword_id = keywords.keyword_id

)

select * from final
