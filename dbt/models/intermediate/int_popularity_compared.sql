with

daily as (

    select media_type, media_id, export_date, popularity, popularity_rank
    from {{ ref('fact_popularity_daily') }}

),

exports as (

    select media_type, export_date
    from {{ ref('int_exports_newest') }}

),

newest as (

    select media_type, max(export_date) as export_date
    from exports
    group by media_type

),

-- The day to compare with, where it was exported at all.
compared as (

    select newest.media_type, newest.export_date, exports.export_date as week_ago
    from newest
    left join exports
        on
            newest.media_type = exports.media_type
            and newest.export_date - 7 = exports.export_date

),

final as (

    select
        today.media_type,
        today.media_id,
        today.export_date,
        today.popularity,
        today.popularity_rank,
        before.popularity as previous_popularity,
        before.popularity_rank as previous_rank,
        compared.week_ago is not null and before.media_id is null
            as was_under_floor,
        case
            when compared.week_ago is not null
                then
                    ln(
                        today.popularity
                        / coalesce(
                            before.popularity, {{ var('min_daily_popularity') }}
                        )
                    )
        end as ln_popularity_change

    from compared
    inner join daily as today
        on
            compared.media_type = today.media_type
            and compared.export_date = today.export_date
    left join daily as before
        on
            today.media_type = before.media_type
            and today.media_id = before.media_id
            and compared.week_ago = before.export_date
    where
        today.popularity >= {{ var('min_mover_popularity') }}
        or before.popularity >= {{ var('min_mover_popularity') }}

)

select * from final
