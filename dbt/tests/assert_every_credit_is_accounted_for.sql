-- Credits in the newest bodies = credits in the fact + repetitions of a credit
-- id within one list. The lists are counted without taking them apart, and
-- repetitions only where credits are gone: one kept would not be unique.
with

listed as (

    select
        movie_id,
        coalesce({{ list_length('credits_cast') }}, 0)
        + coalesce({{ list_length('credits_crew') }}, 0) as n_listed
    from {{ ref('int_movies_credits_newest') }}

),

kept as (

    select movie_id, count(*) as n_kept
    from {{ ref('fact_credits') }}
    group by movie_id

),

differing as (

    select
        listed.movie_id,
        listed.n_listed - coalesce(kept.n_kept, 0) as n_gone
    from listed
    left join kept
        on listed.movie_id = kept.movie_id
    where listed.n_listed <> coalesce(kept.n_kept, 0)

),

repeated as (

    select
        credits.movie_id,
        count(*) - count(distinct credits.credit_kind || credits.credit_id)
            as n_repeated
    from {{ ref('int_credits_exploded') }} as credits
    inner join differing
        on credits.movie_id = differing.movie_id
    where credits.credit_id is not null
    group by credits.movie_id

)

select differing.movie_id, differing.n_gone, repeated.n_repeated
from differing
left join repeated
    on differing.movie_id = repeated.movie_id
where differing.n_gone <> coalesce(repeated.n_repeated, 0)
