with

movies as (

    select
        budget_usd, revenue_usd, budget_suspect_reason, revenue_suspect_reason,
        is_in_population
    from {{ ref('fact_movies') }}

),

amounts as (

    select
        'budget' as amount_kind,
        budget_suspect_reason as suspect_reason,
        is_in_population
    from movies
    where budget_usd is not null

    union all

    select
        'revenue' as amount_kind,
        revenue_suspect_reason as suspect_reason,
        is_in_population
    from movies
    where revenue_usd is not null

),

totals as (

    select
        amount_kind,
        count(*) as n_amounts,
        count(case when is_in_population then 1 end)
            as n_amounts_in_population
    from amounts
    group by amount_kind

),

suspects as (

    select
        amount_kind,
        suspect_reason,
        count(*) as n_suspect,
        count(case when is_in_population then 1 end)
            as n_suspect_in_population
    from amounts
    where suspect_reason is not null
    group by amount_kind, suspect_reason

),

final as (

    select
        suspects.amount_kind,
        suspects.suspect_reason,
        suspects.n_suspect,
        totals.n_amounts,
        cast(suspects.n_suspect as double precision) / totals.n_amounts
            as suspect_share,
        suspects.n_suspect_in_population,
        totals.n_amounts_in_population

    from suspects
    inner join totals
        on suspects.amount_kind = totals.amount_kind

)

select * from final
