-- The dollars and films that companies, groups or countries share, or that
-- languages have, are those of the films that name any: to the dollar that each
-- row is rounded to.
with

shared as (

    select company_level as shared_by, revenue_real_usd, weighted_films
    from {{ ref('mart_company') }}
    where credit_policy = 'shared'

    union all

    select
        'country' as shared_by,
        revenue_real_usd,
        cast(null as double precision) as weighted_films
    from {{ ref('mart_origin_country') }}

    union all

    select
        'language' as shared_by,
        revenue_real_usd,
        cast(n_population as double precision) as weighted_films
    from {{ ref('mart_language') }}

),

summed as (

    select
        shared_by,
        coalesce(sum(revenue_real_usd), 0) as revenue_real_usd,
        sum(weighted_films) as n_films,
        count(*) as n_rows
    from shared
    group by shared_by

),

naming as (

    {% for name, bridge in [
        ('company', 'bridge_movies_production_companies'),
        ('parent', 'bridge_movies_production_companies'),
        ('country', 'bridge_movies_origin_countries')
    ] -%}
    select distinct '{{ name }}' as shared_by, movie_id
    from {{ ref(bridge) }}

    union all

    {% endfor -%}
    select 'language' as shared_by, movie_id
    from {{ ref('mart_movies') }}
    where original_language is not null

),

films as (

    select
        naming.shared_by,
        coalesce(sum(movies.revenue_real_usd), 0) as revenue_real_usd,
        count(*) as n_films
    from naming
    inner join {{ ref('mart_movies') }} as movies
        on naming.movie_id = movies.movie_id
    where movies.is_in_population
    group by naming.shared_by

)

select
    films.shared_by,
    films.revenue_real_usd,
    summed.revenue_real_usd as shared_revenue_real_usd,
    films.n_films,
    summed.n_films as n_shared_films
from films
left join summed
    on films.shared_by = summed.shared_by
where
    summed.shared_by is null
    or abs(films.revenue_real_usd - summed.revenue_real_usd) > summed.n_rows
    or abs(films.n_films - summed.n_films) > 0.001
