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

-- Higher on the bill, larger share: 1, 1/2, 1/3 ... of the first ten orders.
shared as (

    select
        *,
        case
            when cast_order between 0 and {{ var('max_shared_order') }}
                then cast(1 as double precision) / (cast_order + 1)
        end as billing_share

    from credits

),

final as (

    select
        credit_key,
        movie_id,
        person_id,
        character_name,
        cast_order,
        list_position,
        {{ billing_of('cast_order') | indent(8) }} as billing,
        coalesce(
            billing_share
            / sum(billing_share) over (
                partition by movie_id
                order by list_position asc
                rows between unbounded preceding and unbounded following
            ),
            0
        ) as billing_weight,
        is_voice,
        is_uncredited,
        is_archive_footage,
        is_self

    from shared

)

select * from final
