-- A table, because its tests would sort every credit again.
{{ config(materialized='table') }}

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

),

-- Only what decides is sorted.
ranked as (

    select
        movie_id,
        credit_kind,
        list_position,
        row_number() over (
            partition by person_id
            order by
                fetched_at desc,
                movie_id desc,
                credit_kind asc,
                list_position asc
        ) as credit_rank

    from credits
    where person_id is not null

),

final as (

    select
        credits.person_id,
        credits.person_name,
        credits.gender_code,
        credits.known_for_department,
        credits.popularity,
        credits.profile_path,
        credits.fetched_at

    from credits
    inner join ranked
        on
            credits.movie_id = ranked.movie_id
            and credits.credit_kind = ranked.credit_kind
            and credits.list_position = ranked.list_position
    where ranked.credit_rank = 1

)

select * from final
