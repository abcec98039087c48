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

-- The only rows that go: a credit id repeated within one film's list.
ranked as (

    select
        *,
        row_number() over (
            partition by movie_id, credit_kind, credit_name
            order by list_position asc
        ) as repetition

    from keyed

),

final as (

    select
        -- ids
        cast(movie_id as text) || '-' || credit_kind || '-' || credit_name
            as credit_key,
        credit_id,
        movie_id,
        person_id,

        -- texts
        credit_kind,
        person_name as credited_name,
        character_name,
        department,
        job,

        -- numerics
        cast_order,
        list_position,

        -- booleans
        {{ is_voice_role('lower_name') }} as is_voice,
        {{ is_uncredited_role('lower_name') }} as is_uncredited,
        {{ is_archive_role('lower_name') }} as is_archive_footage,
        {{ is_self_role('lower_name') | indent(8) }} as is_self

    from ranked
    where repetition = 1

)

select * from final
