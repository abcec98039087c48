-- A table, because models and tests read it and the lists should be taken apart
-- once.
{{ config(materialized='table') }}

with

movies as (

    select movie_id, fetched_at, spoken_languages
    from {{ ref('int_movies_newest') }}

),

entries as (

    {{ explode_structs('movies', ['movie_id', 'fetched_at'], 'spoken_languages', {
        'iso_639_1': 'text',
        'english_name': 'text',
        'name': 'text'
    }) | indent(4) }}

),

-- An entry that a film names twice counts once, where it was first.
ranked as (

    select
        *,
        row_number() over (
            partition by movie_id, "iso_639_1" order by list_position asc
        ) as entry_rank

    from entries
    where "iso_639_1" <> ''

),

final as (

    select
        movie_id,
        "iso_639_1" as language_code,
        {{ null_if_blank('english_name') }} as language_name,
        {{ null_if_blank('name') }} as native_name,
        list_position,
        fetched_at

    from ranked
    where entry_rank = 1

)

select * from final
