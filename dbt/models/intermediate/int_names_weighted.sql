with

movies as (

    select
        movie_id, title, original_title, release_year, collection_id, vote_count
    from {{ ref('int_movies_searchable') }}

),

credited as (

    select person_id, count(distinct movie_id) as n_movies
    from {{ ref('fact_credits') }}
    group by person_id

),

of_companies as (

    select
        bridge.company_id,
        count(*) as n_movies,
        max(movies.vote_count) as vote_count
    from {{ ref('bridge_movies_production_companies') }} as bridge
    inner join movies
        on bridge.movie_id = movies.movie_id
    group by bridge.company_id

),

of_collections as (

    select
        collection_id, count(*) as n_movies, max(vote_count) as vote_count
    from movies
    where collection_id is not null
    group by collection_id

),

final as (

    select
        'movie' as entity_kind,
        movie_id as entity_id,
        title,
        nullif(original_title, title) as other_title,
        case
            when original_title = title or original_title is null
                then release_year
            else coalesce(release_year || ' · ', '') || original_title
        end as detail,
        vote_count as weight
    from movies

    union all

    select
        'person' as entity_kind,
        people.person_id as entity_id,
        people.person_name as title,
        null as other_title,
        coalesce(people.known_for_department || ' · ', '')
        || {{ count_of_films('credited.n_movies') | indent(8) }} as detail,
        -- A star has about 30, so it is on the scale of votes.
        cast(floor(coalesce(people.popularity, 0) * 100) as bigint) as weight
    from {{ ref('dim_people') }} as people
    inner join credited
        on people.person_id = credited.person_id

    union all

    select
        'company' as entity_kind,
        companies.company_id as entity_id,
        companies.company_name as title,
        null as other_title,
        {{ count_of_films('of_companies.n_movies') | indent(8) }} as detail,
        of_companies.vote_count as weight
    from {{ ref('dim_production_companies') }} as companies
    inner join of_companies
        on companies.company_id = of_companies.company_id

    union all

    select
        'collection' as entity_kind,
        collections.collection_id as entity_id,
        collections.collection_name as title,
        null as other_title,
        {{ count_of_films('of_collections.n_movies') | indent(8) }} as detail,
        of_collections.vote_count as weight
    from {{ ref('dim_collections') }} as collections
    inner join of_collections
        on collections.collection_id = of_collections.collection_id

)

select * from final
