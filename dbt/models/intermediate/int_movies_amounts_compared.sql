-- A table, because the window over every observation should run once.
{{ config(materialized='table') }}

with

-- An observation that the lake holds twice is one: it must not settle itself.
observations as (

    select distinct movie_id, fetched_at, run_id, budget_usd, revenue_usd
    from {{ ref('stg_tmdb__movies') }}
    where not is_tombstone

),

amounts as (

    select
        movie_id, fetched_at, run_id, 'budget' as kind, budget_usd as amount_usd
    from observations

    union all

    select
        movie_id, fetched_at, run_id, 'revenue' as kind, revenue_usd as amount_usd
    from observations

),

-- Amounts that cannot be meant as dollars say nothing about a change. Only the
-- last step counts: a young film's gross grows past tenfold in good faith, and
-- a second observation of the new amount settles it.
compared as (

    select
        movie_id,
        kind,
        cast(amount_usd as double precision) / lag(amount_usd) over (
            partition by movie_id, kind
            order by
                fetched_at asc,
                {{ by_code_point('run_id') }} asc,
                amount_usd asc
        ) as step,
        row_number() over (
            partition by movie_id, kind
            order by
                fetched_at desc,
                {{ by_code_point('run_id') }} desc,
                amount_usd desc
        ) as newness

    from amounts
    where amount_usd >= {{ var('min_believable_usd') }}

),

-- A fall to a tenth is as large a change as a rise to ten times.
changes as (

    select
        movie_id,
        kind,
        case when step < 1 then 1 / step else step end as change
    from compared
    where newness = 1

),

final as (

    select
        movie_id,
        max(case when kind = 'budget' then change end) as budget_change,
        max(case when kind = 'revenue' then change end) as revenue_change

    from changes
    group by movie_id

)

select * from final
