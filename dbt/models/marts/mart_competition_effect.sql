with

movies as (

    select budget_class, n_competitors, log_revenue_residual
    from {{ ref('mart_competition') }}
    where log_revenue_residual is not null

),

grouped as (

    select
        'all' as budget_class, n_competitors, log_revenue_residual
    from movies

    union all

    select budget_class, n_competitors, log_revenue_residual
    from movies

),

ranked as (

    select
        budget_class,
        {{ centred_rank('n_competitors', 'budget_class') }} as competitors_rank,
        {{ centred_rank('log_revenue_residual', 'budget_class') }}
            as residual_rank
    from grouped

),

correlated as (

    select
        budget_class,
        count(*) as n_residuals,
        {{ spearman('competitors_rank', 'residual_rank') | indent(8) }} as rho
    from ranked
    group by budget_class

),

final as (

    select
        budget_class,
        n_residuals,
        {{ sample_size_guard('n_residuals') | indent(8) }} as sample_size_guard,
        rho,
        {{ spearman_low('rho', 'n_residuals') | indent(8) }} as rho_low,
        {{ spearman_high('rho', 'n_residuals') | indent(8) }} as rho_high

    from correlated

)

select * from final
