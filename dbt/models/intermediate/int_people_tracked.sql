-- A table, because a snapshot reads what it compares with three times.
{{ config(materialized='table') }}

with

living as (

    select
        person_id,
        person_name,
        gender_code,
        known_for_department,
        birth_date,
        death_date,
        popularity,
        fetched_at
    from {{ ref('int_people_newest') }}

),

-- A tombstone that an observation of the person does not outdo.
gone as (

    select observations.person_id, max(observations.fetched_at) as fetched_at
    from {{ ref('stg_tmdb__people') }} as observations
    left join living
        on observations.person_id = living.person_id
    where observations.is_tombstone and living.person_id is null
    group by observations.person_id

),

tracked as (

    select
        person_id, person_name, gender_code, known_for_department, birth_date,
        death_date, popularity, false as is_gone, fetched_at
    from living

    union all

    select
        person_id,
        cast(null as text) as person_name,
        cast(null as integer) as gender_code,
        cast(null as text) as known_for_department,
        cast(null as date) as birth_date,
        cast(null as date) as death_date,
        cast(null as double precision) as popularity,
        true as is_gone,
        fetched_at
    from gone

),

final as (

    select
        person_id,
        person_name,
        {{ gender_name('gender_code') | indent(8) }} as gender,
        known_for_department,
        birth_date,
        death_date,
        popularity,
        {{ popularity_step('popularity') | indent(8) }} as popularity_step,
        is_gone,
        fetched_at

    from tracked

)

select * from final
