-- parameters: [id]
-- columns:
--   - { name: title, label: Name, format: text }
--   - { name: subtitle, label: What it is, format: text }
--   - { name: image_path, label: Poster, format: text, hidden: true }
--   - { name: first_year, label: First film, format: year }
--   - { name: last_year, label: Latest film, format: year }
--   - { name: n_released_movies, label: Released films, format: count }
--   - { name: n_other_movies, label: Others, format: count }
--   - { name: tmdb_url, label: TMDB, format: url }
select
    coalesce(collections.collection_name, 'Collection without a name') as title,
    case
        when collections.is_franchise then 'Franchise'
        else 'Collection with fewer than two released films'
    end as subtitle,
    collections.poster_path as image_path,
    franchises.first_year,
    franchises.last_year,
    collections.n_released_movies,
    collections.n_movies - collections.n_released_movies as n_other_movies,
    'https://www.themoviedb.org/collection/'
    || cast(collections.collection_id as text) as tmdb_url
from dim_collections as collections
left join mart_franchise as franchises
    on collections.collection_id = franchises.collection_id
where collections.collection_id = $id
