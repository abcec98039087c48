with

produced as (

    select country_code, country_name, fetched_at, movie_id
    from {{ ref('int_movies_production_countries_exploded') }}

),

originated as (

    select country_code, fetched_at, movie_id
    from {{ ref('int_movies_origin_countries_exploded') }}

),

companies as (

    select country_code, fetched_at, movie_id
    from {{ ref('int_movies_production_companies_exploded') }}
    where country_code is not null

),

mentions as (

    select country_code, country_name, fetched_at, movie_id
    from produced

    union all

    select
        country_code,
        cast(null as text) as country_name,
        fetched_at,
        movie_id
    from originated

    union all

    select
        country_code,
        cast(null as text) as country_name,
        fetched_at,
        movie_id
    from companies

),

-- The newest mention that carries a name, else any.
ranked as (

    select
        country_code,
        country_name,
        row_number() over (
            partition by country_code
            order by
                case when country_name is null then 1 else 0 end asc,
                fetched_at desc,
                movie_id desc,
                {{ by_code_point('country_name') }} asc nulls last
        ) as mention_rank

    from mentions

),

final as (

    select country_code, country_name
    from ranked
    where mention_rank = 1

)

select * from final
