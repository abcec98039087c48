-- Expected values: reference/statistics.py.
with

amounts as (

    select *
    from (values
        (1, 400), (2, 250), (3, null), (4, 8000), (5, 100), (6, 250), (7, 1000)
    ) as listed (amount_id, amount)

),

numbered as (

    select
        amount,
        {{ value_position('amount', '1') }} as amount_position,
        count(amount) over () as n_amounts
    from amounts

),

computed as (

    select
        {{ gini('amount', 'amount_position', 'n_amounts') }} as gini,
        {{ top_share('amount', 'amount_position', 'n_amounts', 2) | indent(8) }}
            as top_2_share
    from numbered
    where amount is not null

)

select gini, top_2_share
from computed
where
    gini is null
    or abs(gini - 0.6983333333333334) > 1e-12
    or abs(top_2_share - 0.9) > 1e-12
