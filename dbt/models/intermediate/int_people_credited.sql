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
    where person_id is not null

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

final as (

    select
        person_id,
        person_name,
        gender_code,
        known_for_department,
        popularity,
        profile_path,
        fetched_at

    from ranked_credits
    where credit_rank = 1

)

select * from final
