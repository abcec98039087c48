with

credits as (

    select
        credit_key,
        movie_id,
        person_id,
        character_name,
        cast_order,
        list_position,
        is_voice,
        is_uncredited,
        is_archive_footage,
        is_self
    from {{ ref('fact_credits') }}
    where credit_kind = 'cast'

),

shared as (

    select *, {{ billing_share('cast_order') | indent(8) }} as billing_share
    from credits

),

summed as (

    select movie_id, sum(billing_share) as billing_shares
    from shared
    group by movie_id

),

final as (

    select
        shared.credit_key,
        shared.movie_id,
        shared.person_id,
        shared.character_name,
        shared.cast_order,
        shared.list_position,
        {{ billing_of('shared.cast_order') | indent(8) }} as billing,
        coalesce(
            shared.billing_share / summed.billing_shares, 0
        ) as billing_weight,
        shared.is_voice,
        shared.is_uncredited,
        shared.is_archive_footage,
        shared.is_self

    from shared
    inner join summed
        on shared.movie_id = summed.movie_id

)

select * from final
