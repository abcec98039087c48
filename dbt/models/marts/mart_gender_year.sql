with

cast_credits as (

    select movie_id, person_id, 'principal cast' as credit_group
    from {{ ref('bridge_movies_cast') }}
    where
        billing in ('lead', 'principal')
        and person_id is not null
        and not (is_uncredited or is_archive_footage or is_self)

),

crew_credits as (

    select
        movie_id,
        person_id,
        case when is_director then 'directors' else 'writers' end as credit_group
    from {{ ref('bridge_movies_crew') }}
    where (is_director or is_writer) and person_id is not null

),

movies as (

    select movie_id, release_year
    from {{ ref('fact_movies') }}
    where is_in_population

),

people as (

    select person_id, gender
    from {{ ref('dim_people') }}

),

-- Two roles or two jobs of one person in one film are one credit.
credits as (

    select * from cast_credits union select * from crew_credits

),

counted as (

    select
        movies.release_year,
        credits.credit_group,
        count(distinct credits.movie_id) as n_films,
        count(*) as n_credits,
        count(people.gender) as n_known_gender,
        count(case when people.gender = 'female' then 1 end) as n_women,
        count(case when people.gender = 'male' then 1 end) as n_men,
        count(case when people.gender = 'non-binary' then 1 end) as n_non_binary
    from credits
    inner join movies
        on credits.movie_id = movies.movie_id
    left join people
        on credits.person_id = people.person_id
    group by movies.release_year, credits.credit_group

),

final as (

    select
        counted.release_year,
        counted.release_year < {{ year_of('as_of.as_of_date') }}
            as is_complete_year,
        counted.credit_group,
        counted.n_films,
        counted.n_credits,
        counted.n_women,
        counted.n_men,
        counted.n_non_binary,
        counted.n_credits - counted.n_known_gender as n_unknown_gender,
        counted.n_known_gender,
        {{ sample_size_guard('n_known_gender') | indent(8) }}
            as sample_size_guard,
        {{ share_with_interval(
            'women_share', 'n_women', 'n_known_gender'
        ) | indent(4) }},
        cast(n_men as double precision) / nullif(n_known_gender, 0) as men_share,
        cast(n_non_binary as double precision) / nullif(n_known_gender, 0)
            as non_binary_share,
        cast(n_credits - n_known_gender as double precision) / n_credits
            as unknown_gender_share

    from counted
    cross join {{ ref('int_observations_dated') }} as as_of

)

select * from final
