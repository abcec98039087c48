-- A table, because the sums and the spread of effects both read it.
{{ config(materialized='table') }}

with

films as (

    select
        {{ film_measures() }}
    from {{ ref('mart_movies') }}
    where is_in_population

),

bridge as (

    select movie_id, company_id, company_weight
    from {{ ref('bridge_movies_production_companies') }}

),

companies as (

    select
        company_id,
        parent_name,
        cast(company_id as text) as company_key,
        coalesce(parent_name, cast(company_id as text)) as parent_key
    from {{ ref('dim_production_companies') }}

),

-- A group that owns several of a film's companies is credited once, with the
-- shares of all of them. A company that no group owns stands for itself.
credits as (

    select
        bridge.movie_id,
        'company' as company_level,
        companies.company_key,
        bridge.company_weight
    from bridge
    inner join companies
        on bridge.company_id = companies.company_id

    union all

    select
        bridge.movie_id,
        'parent' as company_level,
        companies.parent_key as company_key,
        sum(bridge.company_weight) as company_weight
    from bridge
    inner join companies
        on bridge.company_id = companies.company_id
    group by bridge.movie_id, companies.parent_key

),

final as (

    select
        credits.company_level,
        credits.company_key,
        credits.company_weight,
        films.*

    from credits
    inner join films
        on credits.movie_id = films.movie_id

)

select * from final
