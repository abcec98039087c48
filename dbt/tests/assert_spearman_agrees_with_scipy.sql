-- Rho with ties is scipy's, its interval Bonett and Wright's by numpy; pairs in
-- perfect order have the interval 1 to 1, and a constant has no rho.
-- Expected values: reference/statistics.py.
with

pairs as (

    select *
    from (values
        ('tied', 1, 10), ('tied', 2, 9), ('tied', 2, 7), ('tied', 3, 8),
        ('tied', 5, 5), ('tied', 8, 6), ('tied', 13, 2), ('tied', 21, 2),
        ('tied', 34, 1), ('tied', 55, 4),
        ('perfect', 1, 1), ('perfect', 2, 4), ('perfect', 3, 9),
        ('perfect', 4, 16), ('perfect', 5, 25),
        ('constant', 1, 1), ('constant', 2, 1), ('constant', 3, 1)
    ) as listed (case_name, x, y)

),

ranked as (

    select
        case_name,
        {{ centred_rank('x', 'case_name') }} as x_rank,
        {{ centred_rank('y', 'case_name') }} as y_rank
    from pairs

),

correlated as (

    select
        case_name,
        count(*) as n,
        {{ spearman('x_rank', 'y_rank') | indent(8) }} as rho
    from ranked
    group by case_name

),

computed as (

    select
        case_name,
        rho,
        {{ spearman_low('rho', 'n') }} as rho_low,
        {{ spearman_high('rho', 'n') }} as rho_high
    from correlated

)

select case_name, rho, rho_low, rho_high
from computed
where
    (
        case_name = 'tied'
        and (
            abs(rho + 0.8902439024390244) > 1e-12
            or abs(rho_low + 0.9800353534206705) > 1e-12
            or abs(rho_high + 0.4988297824893345) > 1e-12
        )
    )
    or (case_name = 'perfect' and (rho <> 1 or rho_low <> 1 or rho_high <> 1))
    or (case_name <> 'constant' and (rho is null or rho_high is null))
    or (case_name = 'constant' and rho is not null)
