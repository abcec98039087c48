-- Credits in the newest bodies = credits in the fact + repetitions of a credit
-- id within one list. The lists are counted without taking them apart.
with

listed as (

    select
        movie_id,
        coalesce({{ list_length('credits_cast') }}, 0)
        + coalesce({{ list_length('credits_crew') }}, 0) as n_listed
    from {{ ref('int_movies_newest') }}

),

kept as (

    select movie_id, count(*) as n_kept
    from {{ ref('fact_credits') }}
    group by movie_id

),

named as (

    select movie_id, credit_kind, credit_id, count(*) as n_named
    from {{ ref('int_credits_exploded') }}
    where credit_id is not null
    group by movie_id, credit_kind, credit_id
    having count(*) > 1

),

repeated as (

    select movie_id, sum(n_named - 1) as n_repeated
    from named
    group by movie_id

)

select listed.movie_id, listed.n_listed, kept.n_kept, repeated.n_repeated
from listed
left join kept
    on listed.movie_id = kept.movie_id
left join repeated
    on listed.movie_id = repeated.movie_id
where
    listed.n_listed
    <> coalesce(kept.n_kept, 0) + coalesce(repeated.n_repeated, 0)
