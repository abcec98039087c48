-- parameters: [id]
-- columns:
--   - { name: release_date, label: Released, format: date }
--   - { name: film, label: Film, format: text, link: movie, key: movie_id }
--   - { name: rating_score, label: Rating score, format: rating }
--   - { name: rolling_score, label: Mean of five, format: rating }
--   - { name: vote_average, label: Mean vote, format: rating }
--   - { name: vote_count, label: Votes, format: count }
--   - { name: movie_id, label: Film id, format: text, hidden: true }
with

films as (

    select distinct movie_id
    from fact_credits
    where
        person_id = $id
        and not is_self
        and not is_archive_footage
        and coalesce(job, '') <> 'Thanks'

),

-- Decimals add up alike in any order; doubles would differ in the last digit.
rated as (

    select
        movies.movie_id,
        movies.release_date,
        movies.title as film,
        movies.rating_score,
        movies.vote_average,
        movies.vote_count,
        cast(movies.rating_score as decimal(9, 6)) as exact_score
    from films
    inner join movies
        on films.movie_id = movies.movie_id
    where movies.rating_score is not null

)

select
    release_date,
    film,
    rating_score,
    case
        when row_number() over (order by release_date, movie_id) >= 5 then
            cast(
                avg(exact_score) over (
                    order by release_date, movie_id
                    rows between 4 preceding and current row
                ) as double precision
            )
    end as rolling_score,
    vote_average,
    vote_count,
    movie_id
from rated
order by release_date, movie_id
