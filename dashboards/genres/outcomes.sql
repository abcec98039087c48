-- columns:
--   - { name: genre, label: Genre, format: text }
--   - { name: outcome, label: Outcome, format: text }
--   - { name: n_movies, label: Films, format: count }
--   - { name: n_genre, label: Films of the genre, format: count }
--   - { name: share, label: Share, format: percent }
--   - { name: outcome_rank, label: Order, format: count, hidden: true }
with

outcomes as (

    select
        genres.genre_name as genre,
        movies.break_even_state as state,
        count(*) as n_movies
    from movies
    inner join bridge_movies_genres as bridge
        on movies.movie_id = bridge.movie_id
    inner join dim_genres as genres
        on bridge.genre_id = genres.genre_id
    where movies.is_in_analysis_set and movies.break_even_state is not null
    group by genres.genre_name, movies.break_even_state

),

totals as (

    select
        genre,
        cast(sum(n_movies) as bigint) as n_genre,
        sum(case when state = 'likely profit' then n_movies else 0 end) as n_profit
    from outcomes
    group by genre
    having sum(n_movies) >= 10

)

select
    outcomes.genre,
    case outcomes.state
        when 'likely profit' then 'Likely profit'
        when 'likely loss' then 'Likely loss'
        else 'Uncertain'
    end as outcome,
    outcomes.n_movies,
    totals.n_genre,
    cast(outcomes.n_movies as double precision) / totals.n_genre as share,
    case outcomes.state
        when 'likely profit' then 1
        when 'uncertain' then 2
        else 3
    end as outcome_rank
from outcomes
inner join totals
    on outcomes.genre = totals.genre
order by
    cast(totals.n_profit as double precision) / totals.n_genre desc,
    outcomes.genre,
    outcome_rank
