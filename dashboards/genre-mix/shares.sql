-- columns:
--   - { name: genre, label: Genre, format: text }
--   - { name: n_movies, label: Films with known gross, format: count }
--   - { name: film_share, label: Share of these films, format: percent, n: n_movies }
--   - { name: gross_share, label: Share of gross, format: percent, n: n_movies }
--   - { name: gross_usd, label: Gross, format: usd }
--   - { name: genre_id, label: Genre id, format: text, hidden: true }
--   - { name: known, label: Money, format: text, hidden: true }
with

parts as (

    select
        bridge.genre_id,
        count(*) as n_movies,
        sum(bridge.genre_weight) as weighted_films,
        sum(bridge.genre_weight * movies.money_revenue_usd) as gross_usd
    from movies
    inner join bridge_movies_genres as bridge
        on movies.movie_id = bridge.movie_id
    where movies.money_revenue_usd is not null
    group by bridge.genre_id

)

select
    genres.genre_name as genre,
    parts.n_movies,
    parts.weighted_films / sum(parts.weighted_films) over () as film_share,
    parts.gross_usd / sum(parts.gross_usd) over () as gross_share,
    parts.gross_usd,
    parts.genre_id,
    'gross' as known
from parts
inner join dim_genres as genres
    on parts.genre_id = genres.genre_id
order by parts.gross_usd desc, genre
