-- A film above the centre of its band grossed more than that times its budget,
-- and the farther a film is, the better its rank.
with

outliers as (

    select
        outlier_measure,
        outlier_direction,
        outlier_rank,
        movie_id,
        case outlier_measure
            when 'residual' then log_revenue_residual
            else break_even_gap_real_usd
        end as distance,
        break_even_state
    from {{ ref('mart_outliers') }}

),

followed as (

    select
        *,
        lag(distance) over (
            partition by outlier_measure, outlier_direction
            order by outlier_rank asc
        ) as previous_distance
    from outliers

)

select *
from followed
where
    (outlier_direction = 'over') <> (distance > 0)
    or abs(distance) > abs(previous_distance)
    or (
        outlier_measure = 'break-even gap'
        and break_even_state
        = case outlier_direction
            when 'over' then 'likely loss' else 'likely profit'
        end
    )
