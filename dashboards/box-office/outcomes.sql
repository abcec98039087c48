-- columns:
--   - { name: release_year, label: Year, format: year }
--   - { name: outcome, label: Outcome, format: text }
--   - { name: n_movies, label: Films, format: count }
--   - { name: n_year, label: Films with known money, format: count }
--   - { name: share, label: Share, format: percent, low: low, high: high, n: n_year }
--   - { name: low, label: Interval from, format: percent, hidden: true }
--   - { name: high, label: Interval to, format: percent, hidden: true }
--   - { name: outcome_rank, label: Order, format: count, hidden: true }
--   - { name: outcome_value, label: Outcome value, format: text, hidden: true }
with

years as (

    select
        release_year,
        break_even_state,
        count(*) as n_movies,
        sum(count(*)) over (partition by release_year) as n_year
    from movies
    where is_analysed and break_even_state is not null
    group by release_year, break_even_state

)

-- Wilson's interval.
select
    release_year,
    case break_even_state
        when 'likely profit' then 'Likely profit'
        when 'likely loss' then 'Likely loss'
        else 'Uncertain'
    end as outcome,
    n_movies,
    cast(n_year as bigint) as n_year,
    cast(n_movies as double precision) / n_year as share,
    cast(2 * n_movies + 3.8415 - 1.96 * sqrt(
        3.8415 + 4.0 * n_movies * (n_year - n_movies) / n_year
    ) as double precision) / (2 * (n_year + 3.8415)) as low,
    cast(2 * n_movies + 3.8415 + 1.96 * sqrt(
        3.8415 + 4.0 * n_movies * (n_year - n_movies) / n_year
    ) as double precision) / (2 * (n_year + 3.8415)) as high,
    case break_even_state
        when 'likely profit' then 1
        when 'uncertain' then 2
        else 3
    end as outcome_rank,
    break_even_state as outcome_value
from years
where n_year >= 10
order by release_year, outcome_rank
