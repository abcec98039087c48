-- Student's quantile and the normal tail, within what their macros say.
-- Expected values: reference/statistics.py.
with

quantiles as (

    select df, expected, {{ t_value('df') }} as computed
    from (values
        (1, 12.706204736174694, 1e-12),
        (2, 4.302652729749462, 1e-12),
        (3, 3.1824463052837078, 0.0013),
        (4, 2.7764451051977934, 0.00032),
        (5, 2.5705818356363146, 0.00011),
        (9, 2.262157162798205, 0.00001),
        (30, 2.0422724563012378, 0.00000002),
        (1000, 1.9623390808264083, 1e-12)
    ) as listed (df, expected, relative_error)
    where
        {{ t_value('df') }} is null
        or abs({{ t_value('df') }} / expected - 1) > relative_error

),

tails as (

    select z, expected, {{ two_sided_p('z') }} as computed
    from (values
        (0.0, 1.0),
        (0.5, 0.6170750774519738),
        (-1.0, 0.31731050786291415),
        (1.96, 0.04999579029644087),
        (-2.5758293035489004, 0.010000000000000007),
        (5.0, 0.0000005733031437583866),
        (40.0, 0.0)
    ) as listed (z, expected)
    where
        {{ two_sided_p('z') }} is null
        or abs({{ two_sided_p('z') }} - expected) > 1.5e-7

)

select
    'quantile' as what,
    cast(df as double precision) as argument,
    computed
from quantiles
union all
select
    'tail' as what,
    cast(z as double precision) as argument,
    computed
from tails
