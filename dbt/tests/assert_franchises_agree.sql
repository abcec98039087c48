-- Films of the population have an instalment exactly where their collection is
-- a franchise, and a franchise's instalments are numbered without gaps.
with

numbered as (

    select
        collection_id,
        count(*) as n_films,
        count(distinct franchise_instalment) as n_instalments,
        max(franchise_instalment) as last_instalment
    from {{ ref('mart_movies') }}
    where is_franchise and is_in_population
    group by collection_id

)

select collection_id, n_films, n_instalments, last_instalment
from numbered
where
    n_films <> n_instalments
    or n_films <> last_instalment
    or n_films < 2

union all

select
    collection_id,
    1 as n_films,
    0 as n_instalments,
    franchise_instalment as last_instalment
from {{ ref('mart_movies') }}
where
    franchise_instalment is not null
    and not (is_franchise and is_in_population)
