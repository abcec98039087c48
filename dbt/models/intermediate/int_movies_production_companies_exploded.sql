-- A table, because models and tests read it and the lists should be taken apart
-- once.
{{ config(materialized='table') }}

with

movies as (

    select movie_id, fetched_at, production_companies
    from {{ ref('int_movies_newest') }}

),

entries as (

    {{ explode_structs('movies', ['movie_id', 'fetched_at'], 'production_companies', {
        'id': 'bigint',
        'name': 'text',
        'logo_path': 'text',
        'origin_country': 'text'
    }) | indent(4) }}

),

-- An entry that a film names twice counts once, where it was first.
ranked as (

    select
        *,
        row_number() over (
            partition by movie_id, "id" order by list_position asc
        ) as entry_rank

    from entries
    where "id" is not null

),

final as (

    select
        movie_id,
        "id" as company_id,
        name as company_name,
        logo_path,
        {{ null_if_blank('origin_country') }} as country_code,
        list_position,
        fetched_at

    from ranked
    where entry_rank = 1

)

select * from final
