-- Each film of the population is in one cell of the coverage, and each suspect
-- amount in one row of the list and in the count of one reason.
with

counted as (

    select
        'movies of the population' as what,
        (
            select count(*)
            from {{ ref('fact_movies') }}
            where is_in_population
        ) as n_facts,
        (select sum(n_movies) from {{ ref('mart_quality_coverage') }}) as n_marts

    union all

    select
        'movies of the analysis set' as what,
        (
            select count(*)
            from {{ ref('fact_movies') }}
            where is_in_analysis_set
        ) as n_facts,
        (
            select sum(n_in_analysis_set)
            from {{ ref('mart_quality_coverage') }}
        ) as n_marts

    union all

    select
        'suspect amounts listed' as what,
        (
            select
                count(budget_suspect_reason) + count(revenue_suspect_reason)
            from {{ ref('fact_movies') }}
        ) as n_facts,
        (select count(*) from {{ ref('mart_quality_suspects') }}) as n_marts

    union all

    select
        'suspect amounts counted' as what,
        (select count(*) from {{ ref('mart_quality_suspects') }}) as n_facts,
        (select sum(n_suspect) from {{ ref('mart_quality_reasons') }}) as n_marts

)

select what, n_facts, n_marts
from counted
where n_facts <> coalesce(n_marts, 0)
