with

credits as (

    select
        movie_id,
        credit_kind,
        list_position,
        credit_id,
        person_id,
        person_name,
        cast_order,
        character_name,
        department,
        job
    from {{ ref('int_credits_exploded') }}

),

-- TMDB's credit id names a credit within a film. The rare credit without one
-- is named by its place in the list.
keyed as (

    select
        *,
        coalesce(
            credit_id, credit_kind || '-' || cast(list_position as text)
        ) as credit_name,
        lower(character_name) as lower_name
    from credits

),

-- The only rows that go: a credit id repeated within one film's list. They are
-- few, so they are counted and nothing is sorted.
repeated as (

    select
        movie_id, credit_kind, credit_name, min(list_position) as first_position
    from keyed
    group by movie_id, credit_kind, credit_name
    having count(*) > 1

),

final as (

    select
        -- ids
        cast(keyed.movie_id as text) || '-' || keyed.credit_kind || '-'
        || keyed.credit_name as credit_key,
        keyed.credit_id,
        keyed.movie_id,
        keyed.person_id,

        -- texts
        keyed.credit_kind,
        keyed.person_name as credited_name,
        keyed.character_name,
        keyed.department,
        keyed.job,

        -- numerics
        keyed.cast_order,
        keyed.list_position,

        -- booleans
        {{ is_voice_role('keyed.lower_name') }} as is_voice,
        {{ is_uncredited_role('keyed.lower_name') }} as is_uncredited,
        {{ is_archive_role('keyed.lower_name') }} as is_archive_footage,
        {{ is_self_role('keyed.lower_name') | indent(8) }} as is_self

    from keyed
    left join repeated
        on
            keyed.movie_id = repeated.movie_id
            and keyed.credit_kind = repeated.credit_kind
            and keyed.credit_name = repeated.credit_name
    where
        repeated.first_position is null
        or keyed.list_position = repeated.first_position

)

select * from final
