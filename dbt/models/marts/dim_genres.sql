with

listed as (

    select genre_id, genre_name
    from {{ ref('int_genres_listed') }}

),

mentions as (

    select genre_id, genre_name, fetched_at, movie_id
    from {{ ref('int_movies_genres_exploded') }}

),

ranked_mentions as (

    select
        genre_id,
        genre_name,
        row_number() over (
            partition by genre_id order by fetched_at desc, movie_id desc
        ) as mention_rank

    from mentions

),

newest_mentions as (

    select genre_id, genre_name
    from ranked_mentions
    where mention_rank = 1

),

-- Films keep genres that TMDB has since withdrawn.
final as (

    select
        coalesce(listed.genre_id, newest_mentions.genre_id) as genre_id,
        coalesce(listed.genre_name, newest_mentions.genre_name) as genre_name,
        listed.genre_id is not null as is_current

    from listed
    full outer join newest_mentions
        on listed.genre_id = newest_mentions.genre_id

)

select * from final
