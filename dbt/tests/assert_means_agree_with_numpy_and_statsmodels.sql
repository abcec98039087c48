-- The winsorised mean is numpy's mean of values clipped to its quantiles, the
-- interval of a mean is that of statsmodels.
-- Expected values: reference/statistics.py.
with

cases as (

    select *
    from (values
        (15, 2.765333333333331, -1.4796353397927398, 9.866302006459406),
        (16, 6.825, -1.623151767336596, 17.4856517673366)
    ) as listed (n, expected_mean, expected_low, expected_high)

),

numbers as (

    select *
    from (values
        (1, -0.9), (2, -0.5), (3, -0.5), (4, -0.1), (5, 0.0), (6, 0.4),
        (7, 0.7), (8, 1.1), (9, 1.1), (10, 1.5), (11, 2.3), (12, 3.6),
        (13, 5.2), (14, 9.0), (15, 40.0), (16, 64.0)
    ) as listed (number_id, roi)

),

sampled as (

    select cases.n, cast(numbers.roi as double precision) as roi
    from cases
    inner join numbers
        on cases.n >= numbers.number_id

),

bounds as (

    select
        n,
        {{ quantile('roi', var('winsorised_share')) }} as roi_low,
        {{ quantile('roi', 1 - var('winsorised_share')) }} as roi_high
    from sampled
    group by n

),

summed as (

    select
        sampled.n,
        {{ winsorised_mean('sampled.roi', 'bounds.roi_low', 'bounds.roi_high')
            | indent(8) }} as winsorised,
        avg(sampled.roi) as average,
        stddev_samp(sampled.roi) as deviation
    from sampled
    inner join bounds
        on sampled.n = bounds.n
    group by sampled.n

)

select summed.n, summed.winsorised, summed.average, summed.deviation
from summed
inner join cases
    on summed.n = cases.n
where
    abs(summed.winsorised - cases.expected_mean) > 1e-12
    or abs({{ mean_low('summed.average', 'summed.deviation', 'summed.n') }}
    - cases.expected_low) > 1e-5
    or abs({{ mean_high('summed.average', 'summed.deviation', 'summed.n') }}
    - cases.expected_high) > 1e-5
