select
    movies.movie_id as dim_movie_id,
    facts.movie_id as fact_movie_id,
    marts.movie_id as mart_movie_id
from {{ ref('dim_movies') }} as movies
full outer join {{ ref('fact_movies') }} as facts
    on movies.movie_id = facts.movie_id
full outer join {{ ref('mart_movies') }} as marts
    on movies.movie_id = marts.movie_id
where
    movies.movie_id is null
    or facts.movie_id is null
    or marts.movie_id is null
