with

films as (

    select
        *,
        row_number() over (
            partition by person_id, person_role, period
            order by release_date desc, movie_id desc
        ) as films_since
    from {{ ref('int_person_residuals') }}

),

summed as (

    select
        person_id,
        person_role,
        period,
        count(*) as n_films,
        {{ exact_mean('log_revenue_residual') }} as mean_residual,
        {{ quantile('log_revenue_residual', 0.25) }} as residual_q1,
        {{ quantile('log_revenue_residual', 0.5) }} as median_residual,
        {{ quantile('log_revenue_residual', 0.75) }} as residual_q3,
        {% for name, comparison in [('latest', '<='), ('earlier', '>')] -%}
        {{ exact_mean(
            'case when films_since ' ~ comparison ~ ' '
            ~ var('n_latest_films') ~ ' then log_revenue_residual end'
        ) }} as mean_{{ name }}_residual,
        {% endfor -%}
        sum(case when is_past_break_even then 1 else 0 end) as n_past_break_even,
        count(rating_score) as n_rated_films,
        {{ exact_mean('rating_score') }} as mean_rating_score,
        min({{ year_of('release_date') }}) as first_year,
        max({{ year_of('release_date') }}) as last_year
    from films
    group by person_id, person_role, period

),

final as (

    select
        person_id,
        person_role,
        period,
        n_films,
        mean_residual,
        residual_q1,
        median_residual,
        residual_q3,
        case
            when n_films >= {{ var('min_films_for_a_change') }}
                then mean_latest_residual - mean_earlier_residual
        end as residual_change,
        cast(n_past_break_even as bigint) as n_past_break_even,
        n_rated_films,
        mean_rating_score,
        first_year,
        last_year

    from summed

)

select * from final
