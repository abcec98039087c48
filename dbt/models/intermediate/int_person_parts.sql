with

cast_credits as (

    select movie_id, person_id, cast_order, billing_weight, is_voice
    from {{ ref('bridge_movies_cast') }}
    where
        cast_order between 0 and {{ var('max_supporting_order') }}
        and person_id is not null
        and not (is_uncredited or is_archive_footage or is_self)

),

crew_credits as (

    select movie_id, person_id
    from {{ ref('bridge_movies_crew') }}
    where is_director and person_id is not null

),

-- Somebody in two roles of one film was billed once: the higher place counts.
acted as (

    select
        movie_id,
        person_id,
        'actor' as person_role,
        min(cast_order) as cast_order,
        max(billing_weight) as billing_weight,
        min(case when is_voice then 1 else 0 end) = 1 as is_voice
    from cast_credits
    group by movie_id, person_id

),

directed as (

    select
        movie_id,
        person_id,
        'director' as person_role,
        cast(null as integer) as cast_order,
        cast(null as double precision) as billing_weight,
        false as is_voice
    from crew_credits
    group by movie_id, person_id

),

final as (

    select * from acted union all select * from directed

)

select * from final
