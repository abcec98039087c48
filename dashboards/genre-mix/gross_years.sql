-- columns:
--   - { name: genre, label: Genre, format: text }
--   - { name: era, label: Five years from, format: year }
--   - { name: gross_share, label: Share of gross, format: percent, n: n_movies }
--   - { name: n_movies, label: Films with known gross, format: count }
--   - { name: gross_usd, label: Gross, format: usd }
--   - { name: cell, label: Cell, format: text, hidden: true }
--   - { name: years, label: Years, format: text, hidden: true }
--   - { name: genre_id, label: Genre id, format: text, hidden: true }
--   - { name: known, label: Money, format: text, hidden: true }
with

parts as (

    select
        bridge.genre_id,
        movies.era_start_year as era,
        count(*) as n_movies,
        sum(bridge.genre_weight) as weighted_films,
        sum(bridge.genre_weight * movies.money_revenue_usd) as gross_usd
    from movies
    inner join bridge_movies_genres as bridge
        on movies.movie_id = bridge.movie_id
    where movies.money_revenue_usd is not null
    group by bridge.genre_id, movies.era_start_year

),

shares as (

    select
        genre_id,
        era,
        n_movies,
        gross_usd,
        gross_usd / sum(gross_usd) over (partition by era) as gross_share,
        sum(gross_usd) over (partition by genre_id) as genre_gross_usd,
        sum(weighted_films) over (partition by era) as era_films
    from parts

)

select
    genres.genre_name as genre,
    shares.era,
    shares.gross_share,
    shares.n_movies,
    shares.gross_usd,
    case when shares.gross_share >= 0.005 then cast(cast(
        round(cast(100 * shares.gross_share as numeric)) as bigint
    ) as varchar) else '' end as cell,
    cast(shares.era as varchar) || '-' || cast(shares.era + 4 as varchar) as years,
    shares.genre_id,
    'gross' as known
from shares
inner join dim_genres as genres
    on shares.genre_id = genres.genre_id
where shares.era_films >= 30
order by shares.genre_gross_usd desc, genre, shares.era
