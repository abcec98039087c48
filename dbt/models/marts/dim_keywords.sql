with

mentions as (

    select keyword_id, keyword_name, fetched_at, movie_id
    from {{ ref('int_movies_keywords_exploded') }}

),

ranked as (

    select
        keyword_id,
        keyword_name,
        row_number() over (
            partition by keyword_id order by fetched_at desc, movie_id desc
        ) as mention_rank,
        count(*) over (partition by keyword_id) as n_movies

    from mentions

),

final as (

    select keyword_id, keyword_name, n_movies
    from ranked
    where mention_rank = 1

)

select * from final
