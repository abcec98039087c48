with

movies as (

    select movie_id, popularity, vote_average, vote_count
    from {{ ref('int_movies_newest') }}

),

qualified as (

    select movie_id
    from {{ ref('int_movies_qualified') }}
    where is_in_population

),

voted as (

    select
        movies.movie_id,
        movies.vote_count,
        cast(floor(movies.vote_average * 1000 + 0.5) as bigint)
            as vote_thousandths
    from movies
    inner join qualified
        on movies.movie_id = qualified.movie_id
    where movies.vote_count >= {{ var('min_votes') }}

),

-- Whole thousandths add up the same in any order; doubles would not.
priors as (

    select
        cast(sum(vote_thousandths * vote_count) as double precision)
            / sum(vote_count) / 1000 as prior_average,
        greatest(
            {{ var('min_prior_votes') }},
            {{ quantile('vote_count', var('prior_votes_quantile')) }}
        ) as prior_votes
    from voted

),

final as (

    select
        movies.movie_id,
        movies.popularity,
        movies.vote_average,
        movies.vote_count,
        (
            movies.vote_count * movies.vote_average
            + priors.prior_votes * priors.prior_average
        ) / (movies.vote_count + priors.prior_votes) as rating_score

    from movies
    cross join priors

)

select * from final
