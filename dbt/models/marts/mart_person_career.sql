with

films as (

    select *
    from {{ ref('int_person_films') }}
    where is_counted

),

people as (

    select person_id, person_name, gender
    from {{ ref('dim_people') }}

),

-- Whole dollars add up the same in any order.
counted as (

    select
        person_id,
        person_role,
        count(*) as n_films,
        count(revenue_real_usd) as n_known_revenue,
        {% for billing in ['lead', 'principal', 'supporting'] -%}
        cast(sum(case when billing = '{{ billing }}' then 1 else 0 end) as bigint)
            as n_{{ billing }}_films,
        {% endfor -%}
        cast(sum(case when is_principal then 1 else 0 end) as bigint)
            as n_main_films,
        count(case when is_principal then revenue_real_usd end)
            as n_main_known_revenue,
        cast(sum(case when is_principal then revenue_real_usd end) as bigint)
            as gross_real_usd,
        cast(sum(weighted_revenue_real_usd) as bigint) as weighted_gross_real_usd,
        min(release_year) as first_year,
        max(release_year) as last_year,
        count(rating_score) as n_rated_films,
        {{ exact_mean('rating_score') }} as mean_rating_score
    from films
    group by person_id, person_role

),

-- Few films have a known gross: only those are sorted for the medians.
led as (

    select
        person_id,
        person_role,
        count(*) as n_leading_known_revenue,
        {{ quantile('revenue_real_usd', 0.25) }} as leading_gross_q1_real_usd,
        {{ quantile('revenue_real_usd', 0.5) }} as median_leading_gross_real_usd,
        {{ quantile('revenue_real_usd', 0.75) }} as leading_gross_q3_real_usd
    from films
    where is_leading and revenue_real_usd is not null
    group by person_id, person_role

),

final as (

    select
        counted.person_id,
        people.person_name,
        people.gender,
        counted.person_role,
        counted.first_year,
        counted.last_year,
        counted.n_films,
        counted.n_known_revenue,
        counted.n_lead_films,
        counted.n_principal_films,
        counted.n_supporting_films,
        counted.n_main_films,
        counted.n_main_known_revenue,
        cast(counted.n_main_known_revenue as double precision)
        / nullif(counted.n_main_films, 0) as revenue_coverage,
        {{ sample_size_guard('counted.n_main_known_revenue') | indent(8) }}
            as sample_size_guard,
        counted.gross_real_usd,
        counted.weighted_gross_real_usd,
        coalesce(led.n_leading_known_revenue, 0) as n_leading_known_revenue,
        led.leading_gross_q1_real_usd,
        led.median_leading_gross_real_usd,
        led.leading_gross_q3_real_usd,
        counted.n_rated_films,
        counted.mean_rating_score

    from counted
    inner join people
        on counted.person_id = people.person_id
    left join led
        on counted.person_id = led.person_id
        and counted.person_role = led.person_role

)

select * from final
