-- columns:
--   - { name: genre, label: Genre, format: text }
--   - { name: n_movies, label: Films with known money, format: count }
--   - { name: coverage, label: Coverage, format: percent }
--   - { name: q1_roi, label: Lower quarter, format: percent }
--   - { name: median_roi, label: Median return, format: percent }
--   - { name: q3_roi, label: Upper quarter, format: percent }
--   - { name: portfolio_roi, label: If all were funded, format: percent }
--   - { name: likely_profit_rate, label: Likely profitable, format: percent }
with

genres as (

    select
        genres.genre_name as genre,
        count(*) as n_population,
        count(*) filter (where movies.is_analysed) as n_movies
    from movies
    inner join bridge_movies_genres as bridge
        on movies.movie_id = bridge.movie_id
    inner join dim_genres as genres
        on bridge.genre_id = genres.genre_id
    group by genres.genre_name

),

returns as (

    select
        genres.genre_name as genre,
        percentile_cont(0.25) within group (order by movies.roi) as q1_roi,
        percentile_cont(0.5) within group (order by movies.roi) as median_roi,
        percentile_cont(0.75) within group (order by movies.roi) as q3_roi,
        cast(sum(movies.gross_margin_usd) as double precision)
            / sum(movies.budget_usd) as portfolio_roi,
        cast(
            count(*) filter (where movies.break_even_state = 'likely profit')
            as double precision
        ) / count(*) as likely_profit_rate
    from movies
    inner join bridge_movies_genres as bridge
        on movies.movie_id = bridge.movie_id
    inner join dim_genres as genres
        on bridge.genre_id = genres.genre_id
    where movies.is_analysed
    group by genres.genre_name
    having count(*) >= 10

)

select
    genres.genre,
    genres.n_movies,
    cast(genres.n_movies as double precision) / genres.n_population as coverage,
    returns.q1_roi,
    returns.median_roi,
    returns.q3_roi,
    returns.portfolio_roi,
    returns.likely_profit_rate
from genres
left join returns
    on genres.genre = returns.genre
order by returns.median_roi desc nulls last, genres.n_movies desc, genres.genre
