-- Expected values: reference/statistics.py.
with

years as (

    select *
    from (values
        (1, 1.5), (2, 2.0), (3, 1.0), (4, 2.0), (5, 2.5), (6, 3.0), (7, 2.0),
        (8, 3.5), (9, 4.0), (10, 3.0), (11, 4.5), (12, 5.0)
    ) as listed (series_year, amount)

),

counted as (

    select amount, count(*) over (partition by amount) as n_equal
    from years

),

tied as (

    select
        count(*) as n,
        {{ tie_sum('n_equal') }} as ties,
        sum(n_equal - 1) / 2e0 as n_equal_pairs
    from counted

),

paired as (

    select
        {{ mann_kendall_s('earlier.amount', 'later.amount') | indent(8) }} as s,
        {{ quantile(
            '(later.amount - earlier.amount)'
            ~ ' / (later.series_year - earlier.series_year)', 0.5
        ) }} as slope
    from years as earlier
    inner join years as later
        on earlier.series_year < later.series_year

),

computed as (

    select
        paired.s,
        paired.slope,
        {{ mann_kendall_variance('tied.n', 'tied.ties') }} as variance,
        {{ kendall_tau_b('paired.s', 'tied.n', 'tied.n_equal_pairs') }} as tau_b
    from paired
    cross join tied

),

judged as (

    select
        s, slope, variance, tau_b,
        {{ mann_kendall_z('s', 'variance') | indent(8) }} as z
    from computed

)

select s, slope, variance, tau_b, z, {{ two_sided_p('z') }} as p
from judged
where
    s <> 50
    or abs(variance - 208) > 1e-12
    or abs(z - 3.3975387018795287) > 1e-12
    or abs({{ two_sided_p('z') }} - 0.0006799496937994753) > 1.5e-7
    or abs(slope - 0.32575757575757575) > 1e-12
    or abs(tau_b - 0.781631749350903) > 1e-12
    or coalesce(z, slope, tau_b) is null
