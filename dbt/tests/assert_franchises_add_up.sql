-- The films of franchises, the franchises and the groups of films agree with
-- the mart of films and with the collections.
with

films as (

    select
        collection_id,
        count(*) as n_films,
        sum(revenue_real_usd) as revenue_real_usd
    from {{ ref('mart_movies') }}
    where franchise_instalment is not null
    group by collection_id

),

franchises as (

    select
        coalesce(films.collection_id, marts.collection_id) as collection_id
    from films
    full outer join {{ ref('mart_franchise') }} as marts
        on films.collection_id = marts.collection_id
    left join {{ ref('dim_collections') }} as collections
        on marts.collection_id = collections.collection_id
    where
        films.collection_id is null
        or marts.collection_id is null
        or films.n_films <> marts.n_films
        or collections.n_released_movies <> marts.n_films
        or coalesce(films.revenue_real_usd, -1)
        <> coalesce(marts.revenue_real_usd, -1)

),

population as (

    select count(*) as n_films
    from {{ ref('mart_movies') }}
    where is_in_population

),

grouped as (

    select
        sum(case when film_group <> 'franchise' then n_population else 0 end)
            as n_parts,
        sum(
            case
                when film_group in ('original', 'franchise') then n_population
                else 0
            end
        ) as n_wholes
    from {{ ref('mart_franchise_groups') }}

)

select collection_id from franchises

union all

select cast(null as bigint) as collection_id
from grouped
cross join population
where
    coalesce(grouped.n_parts, 0) <> population.n_films
    or coalesce(grouped.n_wholes, 0) <> population.n_films
