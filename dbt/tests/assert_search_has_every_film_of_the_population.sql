-- A film without a title cannot be searched for.
select movies.movie_id
from {{ ref('mart_movies') }} as movies
left join {{ ref('mart_search') }} as found
    on
        movies.movie_id = found.entity_id
        and found.entity_kind = 'movie'
where
    movies.is_in_population
    and movies.title is not null
    and found.entity_id is null
