with

listed as (

    select language_code, language_name, native_name
    from {{ ref('int_languages_listed') }}

),

spoken as (

    select language_code, language_name, native_name, fetched_at, movie_id
    from {{ ref('int_movies_spoken_languages_exploded') }}

),

original as (

    select language_code, fetched_at, movie_id
    from {{ ref('int_movies_newest') }}
    where language_code is not null

),

mentions as (

    select language_code, language_name, native_name, fetched_at, movie_id
    from spoken

    union all

    select
        language_code,
        cast(null as text) as language_name,
        cast(null as text) as native_name,
        fetched_at,
        movie_id
    from original

),

-- The newest mention that carries a name, else any.
ranked_mentions as (

    select
        language_code,
        language_name,
        native_name,
        row_number() over (
            partition by language_code
            order by
                case when language_name is null then 1 else 0 end asc,
                case when native_name is null then 1 else 0 end asc,
                fetched_at desc,
                movie_id desc
        ) as mention_rank

    from mentions

),

newest_mentions as (

    select language_code, language_name, native_name
    from ranked_mentions
    where mention_rank = 1

),

final as (

    select
        coalesce(listed.language_code, newest_mentions.language_code)
            as language_code,
        coalesce(
            listed.language_name,
            newest_mentions.language_name,
            newest_mentions.native_name,
            newest_mentions.language_code
        ) as language_name,
        coalesce(listed.native_name, newest_mentions.native_name)
            as native_name,
        listed.language_code is not null as is_listed

    from listed
    full outer join newest_mentions
        on listed.language_code = newest_mentions.language_code

)

select * from final
