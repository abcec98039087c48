{% set by_release -%}
    over (
            partition by person_id, person_role
            order by release_date asc nulls last, movie_id asc
            rows between unbounded preceding and current row
        )
{%- endset %}
with

films as (

    select *
    from {{ ref('int_person_films') }}

),

people as (

    select person_id, person_name, gender
    from {{ ref('dim_people') }}

),

rolled as (

    select person_id, person_role, movie_id, rolling_median_residual
    from {{ ref('int_person_films_rolled') }}

),

-- Only films that count have a place in the career, and only what decides it
-- is sorted.
sequenced as (

    select
        person_id,
        person_role,
        movie_id,
        row_number() {{ by_release }} as film_number,
        cast(
            sum(weighted_revenue_real_usd) {{ by_release | indent(4) }} as bigint
        ) as cumulative_gross_real_usd

    from films
    where is_counted

),

final as (

    select
        films.person_id,
        people.person_name,
        people.gender,
        films.movie_id,
        films.person_role,
        films.cast_order,
        films.billing,
        films.billing_weight,
        films.is_voice,
        films.release_date,
        films.release_year,
        films.is_budget_known,
        films.revenue_usd,
        films.revenue_real_usd,
        films.weighted_revenue_real_usd,
        films.log_revenue_residual,
        films.is_in_population,
        films.is_counted,
        sequenced.film_number,
        sequenced.cumulative_gross_real_usd,
        rolled.rolling_median_residual

    from films
    inner join people
        on films.person_id = people.person_id
    left join sequenced
        on
            films.person_id = sequenced.person_id
            and films.person_role = sequenced.person_role
            and films.movie_id = sequenced.movie_id
    left join rolled
        on
            films.person_id = rolled.person_id
            and films.person_role = rolled.person_role
            and films.movie_id = rolled.movie_id

)

select * from final
