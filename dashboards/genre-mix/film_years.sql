-- columns:
--   - { name: genre, label: Genre, format: text }
--   - { name: era, label: Five years from, format: year }
--   - { name: film_share, label: Share of films, format: percent }
--   - { name: share_index, label: Against its usual share, format: multiple }
--   - { name: n_movies, label: Films, format: count }
--   - { name: years, label: Years, format: text, hidden: true }
--   - { name: genre_id, label: Genre id, format: text, hidden: true }
with

parts as (

    select
        genre_id,
        genre_name as genre,
        release_year - release_year % 5 as era,
        sum(n_population) as n_movies,
        sum(weighted_films) as weighted_films
    from mart_genre_year
    where release_year >= 1920 and is_complete_year and genre_id is not null
    group by genre_id, genre_name, release_year - release_year % 5

),

totals as (

    select
        *,
        sum(weighted_films) over (partition by era) as era_films,
        sum(weighted_films) over (partition by genre_id) as genre_films,
        sum(n_movies) over (partition by genre_id) as n_genre,
        sum(weighted_films) over () as all_films
    from parts

)

select
    genre,
    era,
    weighted_films / era_films as film_share,
    weighted_films / era_films / (genre_films / all_films) as share_index,
    cast(n_movies as bigint) as n_movies,
    cast(era as varchar) || '-' || cast(era + 4 as varchar) as years,
    genre_id
from totals
where era_films >= 30 and n_genre >= 30
order by genre_films desc, genre, era
