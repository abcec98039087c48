-- columns:
--   - { name: n_movies, label: Films, format: count }
select count(*) as n_movies
from movies
