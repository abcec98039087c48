with

mentions as (

    select
        company_id, company_name, logo_path, country_code, fetched_at, movie_id
    from {{ ref('int_movies_production_companies_exploded') }}

),

-- Companies are renamed, and films keep the name of the day they were fetched.
ranked as (

    select
        *,
        row_number() over (
            partition by company_id order by fetched_at desc, movie_id desc
        ) as mention_rank,
        count(*) over (partition by company_id) as n_movies

    from mentions

),

newest as (

    select company_id, company_name, country_code, logo_path, n_movies
    from ranked
    where mention_rank = 1

),

-- An id alone does not make a company: catalogues other than TMDB's have other
-- companies under it.
final as (

    select
        newest.company_id,
        newest.company_name,
        parents.parent_name,
        newest.country_code,
        newest.logo_path,
        newest.n_movies

    from newest
    left join {{ ref('company_parents') }} as parents
        on
            newest.company_id = parents.company_id
            and newest.company_name like '%' || parents.name_part || '%'

)

select * from final
