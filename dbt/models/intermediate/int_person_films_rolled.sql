{% set by_release -%}
    over (
            partition by person_id, person_role
            order by release_date asc, movie_id asc
        )
{%- endset %}
with

films as (

    select
        person_id, person_role, movie_id, release_date, log_revenue_residual
    from {{ ref('int_person_films') }}
    where is_counted and is_principal and log_revenue_residual is not null

),

lagged as (

    select
        person_id,
        person_role,
        movie_id,
        log_revenue_residual as this_one,
        lag(log_revenue_residual, 1) {{ by_release }} as one_before,
        lag(log_revenue_residual, 2) {{ by_release }} as two_before

    from films

),

-- The middle one of three, without an ordered list. `greatest` skips nulls, so
-- the third says whether there are three.
final as (

    select
        person_id,
        person_role,
        movie_id,
        case
            when two_before is not null
                then greatest(
                    least(this_one, one_before),
                    least(greatest(this_one, one_before), two_before)
                )
        end as rolling_median_residual
    from lagged

)

select * from final
