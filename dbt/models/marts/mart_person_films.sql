{% set counted_by_release -%}
    over (
            partition by
                films.person_id, films.person_role, films.is_counted
            order by films.release_date asc nulls last, films.movie_id asc
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

sequenced as (

    select
        films.*,
        row_number() {{ counted_by_release }} as place,
        cast(
            sum(films.weighted_revenue_real_usd)
            {{ counted_by_release | indent(4) }} as bigint
        ) as weighted_so_far

    from films

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
        case when films.is_counted then films.place end as film_number,
        case when films.is_counted then films.weighted_so_far end
            as cumulative_gross_real_usd,
        rolled.rolling_median_residual

    from sequenced as films
    inner join people
        on films.person_id = people.person_id
    left join rolled
        on
            films.person_id = rolled.person_id
            and films.person_role = rolled.person_role
            and films.movie_id = rolled.movie_id

)

select * from final
-- Parts in films with a known gross come first, and of those the leading ones:
-- rankings read them alone. Within each, what one person did stands together.
order by
    is_counted desc,
    revenue_usd is null,
    coalesce(cast_order, 0) > {{ var('max_principal_order') }},
    person_role asc,
    person_id asc,
    movie_id asc
