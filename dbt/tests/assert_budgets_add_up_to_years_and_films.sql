-- The films of a year's budget classes are the year's films with a real budget,
-- and every film of the analysis set is in one length; with a real budget also
-- in one class and one decile.
with

classes as (

    select
        release_year,
        sum(n_known_budget) as n_known_budget,
        sum(budget_real_usd) as budget_real_usd,
        sum(n_analysis) as n_analysis,
        sum(n_likely_profit + n_uncertain + n_likely_loss) as n_banded
    from {{ ref('mart_year_budget') }}
    group by release_year

),

movies as (

    select
        release_year,
        count(budget_real_usd) as n_known_budget,
        coalesce(sum(budget_real_usd), 0) as budget_real_usd,
        sum(case when is_in_analysis_set then 1 else 0 end) as n_films,
        count(case when is_in_analysis_set then budget_real_usd end) as n_analysis
    from {{ ref('mart_movies') }}
    where is_in_population
    group by release_year

),

parts as (

    select
        (select sum(n_analysis) from {{ ref('mart_runtime') }}) as n_by_runtime,
        (select sum(n_analysis) from {{ ref('mart_budget_decile') }})
            as n_by_decile,
        sum(n_films) as n_films,
        sum(n_analysis) as n_analysis
    from movies

)

select
    movies.release_year,
    movies.n_known_budget as n_expected,
    classes.n_known_budget as n_found
from movies
left join classes
    on movies.release_year = classes.release_year
where
    coalesce(classes.n_known_budget, 0) <> movies.n_known_budget
    or coalesce(classes.budget_real_usd, 0) <> movies.budget_real_usd
    or coalesce(classes.n_analysis, 0) <> movies.n_analysis
    or coalesce(classes.n_banded, 0) <> movies.n_analysis

union all

select
    null as release_year,
    n_films as n_expected,
    n_by_runtime as n_found
from parts
where
    coalesce(n_by_runtime, 0) <> coalesce(n_films, 0)
    or coalesce(n_by_decile, 0) <> coalesce(n_analysis, 0)
