with

-- Amounts that cannot be meant as dollars say nothing about a change.
observations as (

    select
        movie_id,
        case
            when budget_usd >= {{ var('min_believable_usd') }} then budget_usd
        end as budget_usd,
        case
            when revenue_usd >= {{ var('min_believable_usd') }} then revenue_usd
        end as revenue_usd
    from {{ ref('stg_tmdb__movies') }}
    where not is_tombstone

),

final as (

    select
        movie_id,
        count(*) as n_observations,
        cast(max(budget_usd) as double precision)
            / min(budget_usd) as budget_change,
        cast(max(revenue_usd) as double precision)
            / min(revenue_usd) as revenue_change

    from observations
    group by movie_id

)

select * from final
