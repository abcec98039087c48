-- columns:
--   - { name: film_group, label: Films, format: text }
--   - { name: measure, label: Measure, format: text }
--   - { name: ratio, label: Median, format: multiple, low: ratio_low, high: ratio_high }
--   - { name: ratio_low, label: Low end (95 %), format: multiple, hidden: true }
--   - { name: ratio_high, label: High end (95 %), format: multiple, hidden: true }
--   - { name: n_films, label: Films behind it, format: count }
--   - { name: coverage, label: Of all such films, format: percent }
with

groups as (

    select
        *,
        case film_group
            when 'original' then 'Originals'
            when 'first film' then 'First films of franchises'
            else 'Sequels'
        end as film_group_name,
        case film_group
            when 'original' then 1
            when 'first film' then 2
            else 3
        end as group_rank
    from mart_franchise_groups
    where film_group in ('original', 'first film', 'sequel')

),

measures as (

    select
        film_group_name as film_group,
        group_rank,
        'Gross ÷ budget' as measure,
        median_roi + 1 as ratio,
        median_roi_low + 1 as ratio_low,
        median_roi_high + 1 as ratio_high,
        n_analysis as n_films,
        coverage
    from groups

    union all

    select
        film_group_name as film_group,
        group_rank,
        'Gross ÷ films alike' as measure,
        exp(median_residual) as ratio,
        exp(median_residual_low) as ratio_low,
        exp(median_residual_high) as ratio_high,
        n_residuals as n_films,
        coverage
    from groups

)

select film_group, measure, ratio, ratio_low, ratio_high, n_films, coverage
from measures
where n_films >= 10
order by measure, group_rank
