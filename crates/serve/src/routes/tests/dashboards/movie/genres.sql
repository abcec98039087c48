-- parameters: [id]
-- columns:
--   - { name: genre_name, label: Genre, format: text }
select genres.genre_name
from bridge_movies_genres as bridge
inner join dim_genres as genres
    on bridge.genre_id = genres.genre_id
where bridge.movie_id = $id
