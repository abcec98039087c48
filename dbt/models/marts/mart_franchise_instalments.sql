with

films as (

    select franchise_instalment, revenue_change
    from {{ ref('mart_franchise_films') }}
    where
        franchise_instalment > 1
        and n_franchise_films >= {{ var('min_films_of_a_long_franchise') }}

),

numbered as (

    select
        franchise_instalment,
        revenue_change,
        {{ value_position('revenue_change', 'franchise_instalment') }}
            as change_position,
        count(revenue_change) over (partition by franchise_instalment)
            as n_changes

    from films

),

summed as (

    select
        franchise_instalment,
        count(*) as n_franchises,
        count(revenue_change) as n_franchises_with_change,
        {{ median_with_interval(
            'revenue_change', 'change_position', 'n_changes'
        ) }},
        {{ quantile('revenue_change', 0.25) }} as revenue_change_q1,
        {{ quantile('revenue_change', 0.75) }} as revenue_change_q3

    from numbered
    group by franchise_instalment

),

final as (

    select
        franchise_instalment,
        n_franchises,
        n_franchises_with_change,
        cast(n_franchises_with_change as double precision) / n_franchises
            as coverage,
        {{ sample_size_guard('n_franchises_with_change') | indent(8) }}
            as sample_size_guard,
        median_revenue_change,
        median_revenue_change_low,
        median_revenue_change_high,
        revenue_change_q1,
        revenue_change_q3

    from summed

)

select * from final
