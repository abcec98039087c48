-- columns:
--   - { name: class_label, label: Budget, format: text }
--   - { name: outcome, label: Outcome, format: text }
--   - { name: n_movies, label: Films, format: count }
--   - { name: n_class, label: Films with known money, format: count }
--   - { name: share, label: Share, format: percent, low: low, high: high, n: n_class }
--   - { name: low, label: Interval from, format: percent, hidden: true }
--   - { name: high, label: Interval to, format: percent, hidden: true }
--   - { name: outcome_rank, label: Order, format: count, hidden: true }
--   - { name: budget_class, label: Budget class, format: text, hidden: true }
--   - { name: outcome_value, label: Outcome value, format: text, hidden: true }
with

classes as (

    select
        budget_class,
        break_even_state,
        count(*) as n_movies,
        sum(count(*)) over (partition by budget_class) as n_class
    from movies
    where is_analysed and break_even_state is not null
    group by budget_class, break_even_state

)

-- Wilson's interval.
select
    case budget_class
        when 'micro' then 'Under $1 M'
        when 'low' then '$1-10 M'
        when 'mid' then '$10-50 M'
        when 'upper-mid' then '$50-100 M'
        else '$100 M and over'
    end as class_label,
    case break_even_state
        when 'likely profit' then 'Likely profit'
        when 'likely loss' then 'Likely loss'
        else 'Uncertain'
    end as outcome,
    n_movies,
    cast(n_class as bigint) as n_class,
    cast(n_movies as double precision) / n_class as share,
    cast(2 * n_movies + 3.8415 - 1.96 * sqrt(
        3.8415 + 4.0 * n_movies * (n_class - n_movies) / n_class
    ) as double precision) / (2 * (n_class + 3.8415)) as low,
    cast(2 * n_movies + 3.8415 + 1.96 * sqrt(
        3.8415 + 4.0 * n_movies * (n_class - n_movies) / n_class
    ) as double precision) / (2 * (n_class + 3.8415)) as high,
    case break_even_state
        when 'likely profit' then 1
        when 'uncertain' then 2
        else 3
    end as outcome_rank,
    budget_class,
    break_even_state as outcome_value
from classes
where n_class >= 10
order by class_label, outcome_rank
