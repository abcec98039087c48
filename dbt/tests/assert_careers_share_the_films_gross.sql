-- What people's careers share of films is what the films' counted parts weigh,
-- to the dollar of rounding for each part, and never more than films took.
with

parts as (

    select
        movie_id,
        person_id,
        max(billing_weight) as billing_weight
    from {{ ref('bridge_movies_cast') }}
    where
        cast_order <= {{ var('max_shared_order') }}
        and person_id is not null
        and not (is_uncredited or is_archive_footage or is_self)
    group by movie_id, person_id
    having min(case when is_voice then 1 else 0 end) = 0

),

films as (

    select
        parts.movie_id,
        movies.revenue_real_usd,
        sum(parts.billing_weight) as shared_weight,
        count(*) as n_parts
    from parts
    inner join {{ ref('mart_movies') }} as movies
        on parts.movie_id = movies.movie_id
    where movies.is_in_population and movies.revenue_real_usd is not null
    group by parts.movie_id, movies.revenue_real_usd

),

of_films as (

    select
        coalesce(sum(revenue_real_usd * shared_weight), 0) as shared_usd,
        coalesce(sum(revenue_real_usd), 0) as whole_usd,
        coalesce(sum(n_parts), 0) as n_parts
    from films

),

of_careers as (

    select coalesce(sum(weighted_gross_real_usd), 0) as shared_usd
    from {{ ref('mart_person_career') }}
    where person_role = 'actor'

)

select of_films.*, of_careers.shared_usd as careers_usd
from of_films
cross join of_careers
where
    abs(of_films.shared_usd - of_careers.shared_usd) > 1 + of_films.n_parts
    or of_careers.shared_usd > of_films.whole_usd + of_films.n_parts
