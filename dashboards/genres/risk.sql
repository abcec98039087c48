-- parameters: [attribution]
-- columns:
--   - { name: genre, label: Genre, format: text }
--   - { name: outcome, label: Outcome, format: text }
--   - { name: n_genre, label: Films with known money, format: count }
--   - { name: n_movies, label: Of these with the outcome, format: count }
--   - { name: share, label: Share, format: percent, low: low, high: high, n: n_genre }
--   - { name: low, label: Interval from, format: percent, hidden: true }
--   - { name: high, label: Interval to, format: percent, hidden: true }
--   - { name: spread, label: Upper ÷ lower quarter, format: multiple }
--   - { name: genre_id, label: Genre id, format: text, hidden: true }
--   - { name: outcome_value, label: Outcome value, format: text, hidden: true }
--   - { name: multiple_value, label: Gross ÷ budget from, format: count, hidden: true }
--   - { name: known, label: Money, format: text, hidden: true }
--   - { name: policy, label: Genre policy, format: text, hidden: true }
with

genre_films as (

    select
        bridge.genre_id,
        count(*) as n_genre,
        count(*) filter (where movies.break_even_state = 'likely loss') as n_loss,
        count(*) filter (where movies.break_even_state = 'likely profit') as n_profit,
        count(*) filter (where movies.multiple >= 5) as n_hit,
        percentile_cont(0.75) within group (order by movies.multiple)
            / nullif(percentile_cont(0.25) within group (order by movies.multiple), 0)
            as spread
    from movies
    inner join bridge_movies_genres as bridge
        on movies.movie_id = bridge.movie_id
    where movies.is_analysed and ($attribution = 'full' or bridge.is_primary)
    group by bridge.genre_id
    having count(*) >= 10

),

outcomes as (

    select genre_id, n_genre, spread, n_loss, 'Likely loss' as outcome, n_loss as n_movies
    from genre_films

    union all

    select genre_id, n_genre, spread, n_loss, 'Likely profit' as outcome, n_profit as n_movies
    from genre_films

    union all

    select genre_id, n_genre, spread, n_loss, 'Five times the budget' as outcome, n_hit as n_movies
    from genre_films

)

-- Wilson's interval.
select
    genres.genre_name as genre,
    outcomes.outcome,
    outcomes.n_genre,
    outcomes.n_movies,
    cast(outcomes.n_movies as double precision) / outcomes.n_genre as share,
    cast(2 * outcomes.n_movies + 3.8415 - 1.96 * sqrt(
        3.8415 + 4.0 * outcomes.n_movies * (outcomes.n_genre - outcomes.n_movies)
        / outcomes.n_genre
    ) as double precision) / (2 * (outcomes.n_genre + 3.8415)) as low,
    cast(2 * outcomes.n_movies + 3.8415 + 1.96 * sqrt(
        3.8415 + 4.0 * outcomes.n_movies * (outcomes.n_genre - outcomes.n_movies)
        / outcomes.n_genre
    ) as double precision) / (2 * (outcomes.n_genre + 3.8415)) as high,
    outcomes.spread,
    outcomes.genre_id,
    case
        when outcomes.outcome = 'Likely loss' then 'likely loss'
        when outcomes.outcome = 'Likely profit' then 'likely profit'
        else 'any'
    end as outcome_value,
    case when outcomes.outcome = 'Five times the budget' then 5 else 0 end
        as multiple_value,
    'analysed' as known,
    case when $attribution = 'primary' then 'primary' else 'any' end as policy
from outcomes
inner join dim_genres as genres
    on outcomes.genre_id = genres.genre_id
order by
    cast(outcomes.n_loss as double precision) / outcomes.n_genre,
    genre,
    outcomes.outcome
