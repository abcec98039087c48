-- A table, because what is built on the verdicts, and its tests, would join its
-- way back to the films each time.
{{ config(materialized='table') }}

with

movies as (

    select
        movie_id, status, release_date, budget_usd, revenue_usd, vote_count
    from {{ ref('int_movies_newest') }}

),

changes as (

    select movie_id, budget_change, revenue_change
    from {{ ref('int_movies_amounts_compared') }}

),

priced as (

    select movie_id, factor_to_base
    from {{ ref('int_movies_priced') }}

),

as_of as (

    select as_of_date
    from {{ ref('int_observations_dated') }}

),

reasoned as (

    select
        movies.movie_id,
        movies.budget_usd,
        movies.revenue_usd,
        {{ budget_suspect_reason(
            'movies.budget_usd', 'movies.revenue_usd', 'changes.budget_change',
            'priced.factor_to_base'
        ) | indent(8) }} as budget_suspect_reason,
        {{ revenue_suspect_reason(
            'movies.revenue_usd', 'movies.budget_usd', 'changes.revenue_change',
            'movies.status', 'movies.release_date', 'as_of.as_of_date',
            'movies.vote_count'
        ) | indent(8) }} as revenue_suspect_reason

    from movies
    left join changes
        on movies.movie_id = changes.movie_id
    left join priced
        on movies.movie_id = priced.movie_id
    cross join as_of

),

final as (

    select
        movie_id,
        budget_usd,
        revenue_usd,
        budget_suspect_reason,
        revenue_suspect_reason,
        {{ amount_state('budget_usd', 'budget_suspect_reason') | indent(8) }}
            as budget_state,
        {{ amount_state('revenue_usd', 'revenue_suspect_reason') | indent(8) }}
            as revenue_state

    from reasoned

)

select * from final
