with

films as (

    select release_year, revenue_usd
    from {{ ref('fact_movies') }}
    where is_in_population and revenue_state = 'known'

),

numbered as (

    select
        release_year,
        revenue_usd,
        {{ value_position('revenue_usd', 'release_year') }} as revenue_position,
        count(*) over (partition by release_year) as n_revenues
    from films

),

final as (

    select
        release_year,
        {{ top_share('revenue_usd', 'revenue_position', 'n_revenues', 10)
            | indent(8) }} as top_10_revenue_share,
        {{ top_share(
            'revenue_usd', 'revenue_position', 'n_revenues',
            one_per_cent_of('n_revenues')
        ) | indent(8) }} as top_per_cent_revenue_share,
        {{ gini('revenue_usd', 'revenue_position', 'n_revenues') | indent(8) }}
            as revenue_gini

    from numbered
    group by release_year

)

select * from final
