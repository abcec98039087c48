-- parameters: [id]
-- columns:
--   - { name: title, label: Film, format: text, hidden: true }
--   - { name: subtitle, label: In short, format: text, hidden: true }
--   - { name: image_path, label: Poster, format: text, hidden: true }
--   - { name: original_title, label: Original title, format: text }
--   - { name: overview, label: Plot, format: text }
--   - { name: status, label: Status, format: text }
--   - { name: release_date, label: First release, format: date }
--   - { name: release_window, label: Release window, format: text }
--   - { name: release_type, label: Came out, format: text }
--   - { name: runtime_minutes, label: Length, format: minutes }
--   - { name: genres, label: Genres, format: text }
--   - { name: language_name, label: Original language, format: text }
--   - { name: countries, label: Countries of origin, format: text }
--   - { name: collection_name, label: Collection, format: text, link: collection, key: collection_id }
--   - { name: vote_average, label: Mean vote, format: rating }
--   - { name: vote_count, label: Votes, format: count }
--   - { name: rating_score, label: Rating score, format: rating }
--   - { name: popularity, label: Popularity, format: number }
--   - { name: keywords, label: Keywords, format: text }
--   - { name: is_in_population, label: In the population, format: flag }
--   - { name: is_in_analysis_set, label: In the analysis set, format: flag }
--   - { name: tmdb_url, label: TMDB, format: url }
--   - { name: imdb_url, label: IMDb, format: url }
--   - { name: fetched_on, label: As TMDB said on, format: date }
--   - { name: collection_id, label: Collection id, format: text, hidden: true }
with

genres as (

    select string_agg(genres.genre_name, ', ' order by bridge.genre_position) as genres
    from bridge_movies_genres as bridge
    inner join dim_genres as genres
        on bridge.genre_id = genres.genre_id
    where bridge.movie_id = $id

),

countries as (

    select string_agg(countries.country_name, ', ' order by bridge.country_position)
        as countries
    from bridge_movies_origin_countries as bridge
    inner join dim_countries as countries
        on bridge.country_code = countries.country_code
    where bridge.movie_id = $id

),

keywords as (

    select string_agg(keyword_name, ', ' order by keyword_position) as keywords
    from bridge_movies_keywords
    where movie_id = $id

)

select
    coalesce(films.title, films.original_title, 'Film ' || cast(films.movie_id as varchar))
        as title,
    concat_ws(
        ' · ',
        cast(films.release_year as varchar),
        films.primary_genre,
        films.language_name,
        cast(films.runtime_minutes as varchar) || ' min'
    ) as subtitle,
    films.poster_path as image_path,
    case when films.original_title <> films.title then films.original_title end
        as original_title,
    details.overview,
    films.status,
    films.release_date,
    films.release_window,
    case films.release_type_state
        when 'theatrical' then 'In cinemas'
        when 'streaming only' then 'By streaming alone'
        else 'Not said'
    end as release_type,
    films.runtime_minutes,
    genres.genres,
    films.language_name,
    countries.countries,
    films.collection_name,
    films.vote_average,
    films.vote_count,
    films.rating_score,
    films.popularity,
    keywords.keywords,
    films.is_in_population,
    films.is_in_analysis_set,
    'https://www.themoviedb.org/movie/' || cast(films.movie_id as varchar) as tmdb_url,
    'https://www.imdb.com/title/' || films.imdb_id || '/' as imdb_url,
    cast(films.fetched_at as date) as fetched_on,
    films.collection_id
from mart_movies as films
inner join dim_movies as details
    on films.movie_id = details.movie_id
cross join genres
cross join countries
cross join keywords
where films.movie_id = $id
