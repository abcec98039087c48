-- columns:
--   - { name: popularity_rank, label: Rank, format: count }
--   - { name: film, label: Film, format: text, link: movie, key: movie_id }
--   - { name: popularity, label: Score, format: number }
--   - { name: rank_change, label: Places won in seven days, format: count }
--   - { name: previous_rank, label: Rank seven days ago, format: count }
--   - { name: release_date, label: Released, format: date }
--   - { name: rating_score, label: Rating score, format: rating }
--   - { name: vote_count, label: Votes, format: count }
--   - { name: movie_id, label: Film id, format: text, hidden: true }
select
    movers.popularity_rank,
    movies.title as film,
    movers.popularity,
    movers.rank_change,
    movers.previous_rank,
    movies.release_date,
    movies.rating_score,
    movies.vote_count,
    movies.movie_id
from mart_popularity_movers as movers
inner join movies
    on movers.media_id = movies.movie_id
where movers.media_type = 'movie'
order by movers.popularity_rank, movies.movie_id
limit 50
