with

movies as (

    select movie_id, release_year, revenue_real_usd
    from {{ ref('fact_movies') }}
    where is_in_population and revenue_real_usd is not null

),

ranked as (

    select
        movie_id,
        release_year,
        row_number() over (
            partition by release_year
            order by revenue_real_usd desc, movie_id asc
        ) as year_rank,
        count(*) over (partition by release_year) as n_ranked_films
    from movies

),

-- The ten largest of a handful of films would make everybody a draw.
top_films as (

    select movie_id, release_year, year_rank, n_ranked_films
    from ranked
    where
        year_rank <= {{ var('n_top_films') }}
        and n_ranked_films >= {{ var('min_films_of_a_top_year') }}

),

years as (

    select
        films.person_id,
        films.person_role,
        top_films.release_year,
        count(*) as n_top_films,
        min(top_films.year_rank) as best_rank,
        max(top_films.n_ranked_films) as n_ranked_films
    from {{ ref('int_person_films') }} as films
    inner join top_films
        on films.movie_id = top_films.movie_id
    where films.is_counted and films.is_principal
    group by films.person_id, films.person_role, top_films.release_year

),

-- Years of one streak minus their number in it are all the same year.
numbered as (

    select
        *,
        release_year - row_number() over (
            partition by person_id, person_role order by release_year asc
        ) as streak_key
    from years

),

streaks as (

    select
        *,
        count(*) over (partition by person_id, person_role) as n_top_years,
        count(*) over (partition by person_id, person_role, streak_key)
            as streak_years
    from numbered

),

final as (

    select
        streaks.person_id,
        people.person_name,
        people.gender,
        streaks.person_role,
        streaks.release_year,
        streaks.n_ranked_films,
        streaks.n_top_films,
        streaks.best_rank,
        streaks.streak_years,
        streaks.n_top_years,
        max(streaks.streak_years) over (
            partition by streaks.person_id, streaks.person_role
        ) as longest_streak_years

    from streaks
    inner join {{ ref('dim_people') }} as people
        on streaks.person_id = people.person_id

)

select * from final
