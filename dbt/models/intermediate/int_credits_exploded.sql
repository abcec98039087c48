-- A table, because five models and tests read it and taking the longest lists
-- apart should happen once.
{{ config(materialized='table') }}

{% set cast_fields = {
    'order': 'integer',
    'character': 'text',
    'id': 'bigint',
    'credit_id': 'text',
    'name': 'text',
    'gender': 'integer',
    'known_for_department': 'text',
    'popularity': 'double precision',
    'profile_path': 'text'
} %}
{% set crew_fields = {
    'department': 'text',
    'job': 'text',
    'id': 'bigint',
    'credit_id': 'text',
    'name': 'text',
    'gender': 'integer',
    'known_for_department': 'text',
    'popularity': 'double precision',
    'profile_path': 'text'
} %}

with

movies as (

    select movie_id, fetched_at, credits_cast, credits_crew
    from {{ ref('int_movies_credits_newest') }}

),

cast_entries as (

    {{ explode_structs(
        'movies', ['movie_id', 'fetched_at'], 'credits_cast', cast_fields
    ) | indent(4) }}

),

crew_entries as (

    {{ explode_structs(
        'movies', ['movie_id', 'fetched_at'], 'credits_crew', crew_fields
    ) | indent(4) }}

),

final as (

    select
        movie_id,
        'cast' as credit_kind,
        list_position,
        "credit_id" as credit_id,
        "id" as person_id,
        "name" as person_name,
        "gender" as gender_code,
        {{ null_if_blank('"known_for_department"') }} as known_for_department,
        "popularity" as popularity,
        "profile_path" as profile_path,
        "order" as cast_order,
        {{ null_if_blank('"character"') }} as character_name,
        cast(null as text) as department,
        cast(null as text) as job,
        fetched_at
    from cast_entries

    union all

    select
        movie_id,
        'crew' as credit_kind,
        list_position,
        "credit_id" as credit_id,
        "id" as person_id,
        "name" as person_name,
        "gender" as gender_code,
        {{ null_if_blank('"known_for_department"') }} as known_for_department,
        "popularity" as popularity,
        "profile_path" as profile_path,
        cast(null as integer) as cast_order,
        cast(null as text) as character_name,
        {{ null_if_blank('"department"') }} as department,
        {{ null_if_blank('"job"') }} as job,
        fetched_at
    from crew_entries

)

select * from final
