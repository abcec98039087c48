with

credited as (

    select
        person_id,
        person_name,
        gender_code,
        known_for_department,
        popularity,
        profile_path,
        fetched_at
    from {{ ref('int_people_credited') }}

),

details as (

    select
        person_id,
        person_name,
        gender_code,
        known_for_department,
        popularity,
        profile_path,
        imdb_id,
        place_of_birth,
        biography,
        birth_date,
        death_date,
        fetched_at
    from {{ ref('int_people_newest') }}

),

-- What a person's own page says goes before what a film says about them.
joined as (

    select
        coalesce(details.person_id, credited.person_id) as person_id,
        coalesce(details.person_name, credited.person_name)
            as person_name,
        coalesce(
            nullif(details.gender_code, 0), nullif(credited.gender_code, 0)
        ) as gender_code,
        coalesce(
            details.known_for_department, credited.known_for_department
        ) as known_for_department,
        coalesce(details.popularity, credited.popularity) as popularity,
        coalesce(details.profile_path, credited.profile_path)
            as profile_path,
        details.imdb_id,
        details.place_of_birth,
        details.biography,
        details.birth_date,
        details.death_date,
        details.person_id is not null as has_details,
        coalesce(details.fetched_at, credited.fetched_at) as fetched_at

    from credited
    full outer join details
        on credited.person_id = details.person_id

),

final as (

    select
        *,
        {{ gender_name('gender_code') | indent(8) }} as gender
    from joined

)

select * from final
