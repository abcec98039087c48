-- The version that holds is what the dimensions and facts say; what is gone is
-- in neither.
with

snapped_movies as (

    select movie_id, title, status, release_date, budget_usd, revenue_usd
    from {{ ref('snap_movies') }}
    where dbt_valid_to is null and not is_gone

),

modelled_movies as (

    select
        movies.movie_id, movies.title, movies.status, movies.release_date,
        facts.budget_usd, facts.revenue_usd
    from {{ ref('dim_movies') }} as movies
    inner join {{ ref('fact_movies') }} as facts
        on movies.movie_id = facts.movie_id

),

snapped_people as (

    select person_id, birth_date, death_date
    from {{ ref('snap_people') }}
    where dbt_valid_to is null and not is_gone

),

modelled_people as (

    select person_id, birth_date, death_date
    from {{ ref('dim_people') }}
    where has_details

)

select
    'film' as item_kind,
    coalesce(snapped.movie_id, modelled.movie_id) as item_id
from snapped_movies as snapped
full outer join modelled_movies as modelled
    on snapped.movie_id = modelled.movie_id
where
    snapped.movie_id is distinct from modelled.movie_id
    or snapped.title is distinct from modelled.title
    or snapped.status is distinct from modelled.status
    or snapped.release_date is distinct from modelled.release_date
    or snapped.budget_usd is distinct from modelled.budget_usd
    or snapped.revenue_usd is distinct from modelled.revenue_usd

union all

select
    'person' as item_kind,
    coalesce(snapped.person_id, modelled.person_id) as item_id
from snapped_people as snapped
full outer join modelled_people as modelled
    on snapped.person_id = modelled.person_id
where
    snapped.person_id is distinct from modelled.person_id
    or snapped.birth_date is distinct from modelled.birth_date
    or snapped.death_date is distinct from modelled.death_date
