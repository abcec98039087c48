with

pairs as (

    select relation, group_kind, group_id, group_name, x, y
    from {{ ref('int_correlations_paired') }}

),

ranked as (

    select
        relation,
        group_kind,
        group_id,
        group_name,
        {{ centred_rank('x', 'relation, group_kind, group_id') }} as x_rank,
        {{ centred_rank('y', 'relation, group_kind, group_id') }} as y_rank
    from pairs

),

correlated as (

    select
        relation,
        group_kind,
        group_id,
        min(group_name) as group_name,
        count(*) as n_films,
        {{ spearman('x_rank', 'y_rank') | indent(8) }} as rho
    from ranked
    group by relation, group_kind, group_id

),

final as (

    select
        relation,
        group_kind,
        group_id,
        group_name,
        n_films,
        {{ sample_size_guard('n_films') | indent(8) }} as sample_size_guard,
        rho,
        {{ spearman_low('rho', 'n_films') | indent(8) }} as rho_low,
        {{ spearman_high('rho', 'n_films') | indent(8) }} as rho_high

    from correlated

)

select * from final
