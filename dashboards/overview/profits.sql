-- columns:
--   - { name: release_year, label: Year, format: year }
--   - { name: n_movies, label: Films with known money, format: count }
--   - { name: share, label: Likely profitable, format: percent, low: low, high: high, n: n_movies }
--   - { name: low, label: Interval from, format: percent, hidden: true }
--   - { name: high, label: Interval to, format: percent, hidden: true }
--   - { name: known, label: Money, format: text, hidden: true }
with

years as (

    select
        release_year,
        count(*) as n_movies,
        count(*) filter (where break_even_state = 'likely profit') as n_profit
    from movies
    where is_analysed and break_even_state is not null
    group by release_year

)

-- Wilson's interval.
select
    release_year,
    n_movies,
    case when n_movies >= 10 then cast(n_profit as double precision) / n_movies end
        as share,
    case when n_movies >= 10 then
        cast(2 * n_profit + 3.8415 - 1.96 * sqrt(
            3.8415 + 4.0 * n_profit * (n_movies - n_profit) / n_movies
        ) as double precision) / (2 * (n_movies + 3.8415))
    end as low,
    case when n_movies >= 10 then
        cast(2 * n_profit + 3.8415 + 1.96 * sqrt(
            3.8415 + 4.0 * n_profit * (n_movies - n_profit) / n_movies
        ) as double precision) / (2 * (n_movies + 3.8415))
    end as high,
    'analysed' as known
from years
order by release_year
