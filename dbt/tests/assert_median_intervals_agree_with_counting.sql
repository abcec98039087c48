-- The rank of the bound is that of the bootstrap's exact distribution for odd
-- samples, and within half a rank for even ones.
-- Expected values: reference/statistics.py.
with

ranks as (

    select *
    from (values
        (1, 1.0), (2, 1.0), (3, 1.0), (4, 1.0), (5, 1.0), (6, 1.5), (7, 2.0),
        (9, 2.0), (10, 3.0), (11, 3.0), (15, 4.0), (16, 5.0), (29, 10.0),
        (30, 10.5), (31, 11.0), (65, 25.0), (66, 26.0), (100, 41.0),
        (101, 41.0), (1000, 469.5), (5001, 2432.0)
    ) as listed (n, expected_rank)

),

intervals as (

    select *
    from (values
        (15, 1.1, -0.1, 3.6),
        (16, 1.1, 0.0, 3.6)
    ) as listed (n, expected_median, expected_low, expected_high)

),

numbers as (

    select *
    from (values
        (1, -0.9), (2, -0.5), (3, -0.5), (4, -0.1), (5, 0.0), (6, 0.4),
        (7, 0.7), (8, 1.1), (9, 1.1), (10, 1.5), (11, 2.3), (12, 3.6),
        (13, 5.2), (14, 9.0), (15, 40.0), (16, 64.0)
    ) as listed (number_id, roi)

),

numbered as (

    select
        intervals.n,
        numbers.roi,
        {{ value_position('numbers.roi', 'intervals.n') }} as roi_position
    from intervals
    inner join numbers
        on intervals.n >= numbers.number_id

),

computed as (

    select
        n,
        {{ median_with_interval('roi', 'roi_position', 'n') | indent(8) }}
    from numbered
    group by n

)

select
    n,
    {{ median_bound_rank('n') }} as computed_rank,
    expected_rank
from ranks
where
    abs({{ median_bound_rank('n') }} - expected_rank)
    > case when n % 2 = 0 then 0.5 else 0 end

union all

select
    computed.n,
    computed.median_roi_low as computed_rank,
    intervals.expected_low as expected_rank
from computed
inner join intervals
    on computed.n = intervals.n
where
    abs(computed.median_roi - intervals.expected_median) > 1e-12
    or abs(computed.median_roi_low - intervals.expected_low) > 1e-12
    or abs(computed.median_roi_high - intervals.expected_high) > 1e-12
