-- A table, because models and tests read it and the lists should be taken apart
-- once.
{{ config(materialized='table') }}

with

movies as (

    select movie_id, fetched_at, production_countries
    from {{ ref('int_movies_newest') }}

),

entries as (

    {{ explode_structs('movies', ['movie_id', 'fetched_at'], 'production_countries', {
        'iso_3166_1': 'text', 'name': 'text'
    }) | indent(4) }}

),

-- An entry that a film names twice counts once, where it was first.
ranked as (

    select
        *,
        row_number() over (
            partition by movie_id, "iso_3166_1" order by list_position asc
        ) as entry_rank

    from entries
    where "iso_3166_1" <> ''

),

final as (

    select
        movie_id,
        "iso_3166_1" as country_code,
        name as country_name,
        list_position,
        fetched_at

    from ranked
    where entry_rank = 1

)

select * from final
