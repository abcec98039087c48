-- Expected values: reference/statistics.py.
with

cases as (

    select *
    from (values
        (0, 10, 95, 0.0, 0.27753279986288926),
        (3, 10, 95, 0.10779126740630104, 0.6032218525388546),
        (10, 10, 95, 0.7224672001371106, 1.0),
        (1, 1, 95, 0.2065493143772374, 1.0),
        (17, 45, 95, 0.2510808467213791, 0.5237006551911046),
        (250, 1000, 95, 0.2241530989836914, 0.27776028025908617),
        (3, 10, 80, 0.15379917807596727, 0.502628294760249),
        (0, 0, 95, null, null)
    ) as listed (n_successes, n, interval_level, expected_low, expected_high)

),

computed as (

    select
        n_successes,
        n,
        interval_level,
        expected_low,
        expected_high,
        case interval_level
            when 80 then {{ wilson_low('n_successes', 'n', 80) }}
            else {{ wilson_low('n_successes', 'n') }}
        end as computed_low,
        case interval_level
            when 80 then {{ wilson_high('n_successes', 'n', 80) }}
            else {{ wilson_high('n_successes', 'n') }}
        end as computed_high

    from cases

)

select n_successes, n, interval_level, computed_low, computed_high
from computed
where
    abs(coalesce(computed_low, -1) - coalesce(expected_low, -1)) > 1e-12
    or abs(coalesce(computed_high, -1) - coalesce(expected_high, -1)) > 1e-12
