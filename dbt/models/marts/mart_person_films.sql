with

cast_credits as (

    select movie_id, person_id, cast_order, billing_weight, is_voice
    from {{ ref('bridge_movies_cast') }}
    where
        cast_order between 0 and {{ var('max_principal_order') }}
        and not (is_uncredited or is_archive_footage or is_self)

),

crew_credits as (

    select movie_id, person_id
    from {{ ref('bridge_movies_crew') }}
    where is_director

),

people as (

    select person_id, person_name, gender
    from {{ ref('dim_people') }}

),

movies as (

    select
        movie_id,
        release_year,
        {{ known_amount('revenue_usd', 'revenue_state') }} as revenue_usd,
        revenue_real_usd,
        is_in_population
    from {{ ref('fact_movies') }}

),

-- Somebody in two roles of one film was billed once: the higher place counts.
acted as (

    select
        movie_id,
        person_id,
        'actor' as person_role,
        min(cast_order) as cast_order,
        max(billing_weight) as billing_weight,
        min(case when is_voice then 1 else 0 end) = 1 as is_voice
    from cast_credits
    group by movie_id, person_id

),

directed as (

    select
        movie_id,
        person_id,
        'director' as person_role,
        cast(null as integer) as cast_order,
        cast(null as double precision) as billing_weight,
        false as is_voice
    from crew_credits
    group by movie_id, person_id

),

appearances as (

    select * from acted union all select * from directed

),

final as (

    select
        appearances.person_id,
        people.person_name,
        people.gender,
        appearances.movie_id,
        appearances.person_role,
        appearances.cast_order,
        {{ billing_of('appearances.cast_order') | indent(8) }} as billing,
        appearances.billing_weight,
        appearances.is_voice,
        movies.release_year,
        movies.revenue_usd,
        movies.revenue_real_usd,
        movies.is_in_population

    from appearances
    inner join people
        on appearances.person_id = people.person_id
    inner join movies
        on appearances.movie_id = movies.movie_id

)

select * from final
