with

credits as (

    select
        person_id,
        person_name,
        gender_code,
        known_for_department,
        popularity,
        profile_path,
        fetched_at,
        movie_id,
        credit_kind,
        list_position
    from {{ ref('int_credits_exploded') }}
    where person_id is not null

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

ranked_credits as (

    select
        *,
        row_number() over (
            partition by person_id
            order by
                fetched_at desc,
                movie_id desc,
                credit_kind asc,
                list_position asc
        ) as credit_rank

    from credits

),

newest_credits as (

    select *
    from ranked_credits
    where credit_rank = 1

),

-- What a person's own page says goes before what a film says about them.
joined as (

    select
        coalesce(details.person_id, newest_credits.person_id) as person_id,
        coalesce(details.person_name, newest_credits.person_name)
            as person_name,
        coalesce(
            nullif(details.gender_code, 0), nullif(newest_credits.gender_code, 0)
        ) as gender_code,
        coalesce(
            details.known_for_department, newest_credits.known_for_department
        ) as known_for_department,
        coalesce(details.popularity, newest_credits.popularity) as popularity,
        coalesce(details.profile_path, newest_credits.profile_path)
            as profile_path,
        details.imdb_id,
        details.place_of_birth,
        details.biography,
        details.birth_date,
        details.death_date,
        details.person_id is not null as has_details,
        coalesce(details.fetched_at, newest_credits.fetched_at) as fetched_at

    from newest_credits
    full outer join details
        on newest_credits.person_id = details.person_id

),

final as (

    select
        *,
        {{ gender_name('gender_code') | indent(8) }} as gender
    from joined

)

select * from final
