-- A table, because six models read it and joining every part to its film should
-- happen once.
{{ config(materialized='table') }}

with

parts as (

    select
        movie_id, person_id, person_role, cast_order, billing_weight, is_voice
    from {{ ref('int_person_parts') }}

),

movies as (

    select
        movie_id,
        release_date,
        release_year,
        budget_state,
        {{ known_amount('revenue_usd', 'revenue_state') }} as revenue_usd,
        revenue_real_usd,
        rating_score,
        is_in_population
    from {{ ref('fact_movies') }}

),

expected as (

    select movie_id, log_revenue_residual
    from {{ ref('int_movies_expected') }}

),

banded as (

    select movie_id, multiple >= break_even_mid_multiple as is_past_break_even
    from {{ ref('int_movies_money_banded') }}

),

final as (

    select
        parts.person_id,
        parts.movie_id,
        parts.person_role,
        parts.cast_order,
        {{ billing_of('parts.cast_order') | indent(8) }} as billing,
        parts.billing_weight,
        parts.is_voice,
        coalesce(parts.cast_order <= {{ var('max_lead_order') }}, true)
            as is_leading,
        coalesce(parts.cast_order <= {{ var('max_principal_order') }}, true)
            as is_principal,
        movies.release_date,
        movies.release_year,
        movies.budget_state = 'known' as is_budget_known,
        movies.revenue_usd,
        movies.revenue_real_usd,
        {{ inflated(
            'movies.revenue_real_usd', 'coalesce(parts.billing_weight, 1)'
        ) }} as weighted_revenue_real_usd,
        movies.rating_score,
        expected.log_revenue_residual,
        banded.is_past_break_even,
        movies.is_in_population,
        movies.is_in_population and not parts.is_voice as is_counted

    from parts
    inner join movies
        on parts.movie_id = movies.movie_id
    left join expected
        on parts.movie_id = expected.movie_id
    left join banded
        on parts.movie_id = banded.movie_id

)

select * from final
