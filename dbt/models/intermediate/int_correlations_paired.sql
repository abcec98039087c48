with

movies as (

    select
        movies.movie_id,
        movies.budget_real_usd,
        movies.revenue_real_usd,
        movies.roi,
        movies.runtime_minutes,
        case when movies.vote_count >= {{ var('min_votes') }}
            then movies.rating_score
        end as rating_score,
        classes.class_order,
        movies.budget_class
    from {{ ref('fact_movies') }} as movies
    left join {{ ref('budget_classes') }} as classes
        on movies.budget_class = classes.budget_class
    where movies.is_in_analysis_set

),

genre_films as (

    select
        films.movie_id,
        films.genre_key,
        coalesce(genres.genre_name, 'No genre') as genre_name,
        films.is_primary,
        films.budget_real_usd,
        films.roi
    from {{ ref('int_movies_genres_valued') }} as films
    left join {{ ref('dim_genres') }} as genres
        on films.genre_key = genres.genre_id
    where films.is_in_analysis_set

),

competing_films as (

    select
        films.movie_id,
        films.n_competitors,
        films.log_revenue_residual,
        classes.class_order,
        films.budget_class
    from {{ ref('mart_competition') }} as films
    inner join {{ ref('budget_classes') }} as classes
        on films.budget_class = classes.budget_class

),

{# relation, kind of group, id and name of the group, x, y, from, where #}
{% set relations = [
    ('budget and roi', 'all', '0', "'all films'",
        'budget_real_usd', 'roi', 'movies', 'true'),
    ('budget and roi', 'genre', 'genre_key', 'genre_name',
        'budget_real_usd', 'roi', 'genre_films', 'true'),
    ('budget and roi', 'primary genre', 'genre_key', 'genre_name',
        'budget_real_usd', 'roi', 'genre_films', 'is_primary'),
    ('rating and revenue', 'all', '0', "'all films'",
        'rating_score', 'revenue_real_usd', 'movies', 'true'),
    ('rating and revenue', 'budget class', 'class_order', 'budget_class',
        'rating_score', 'revenue_real_usd', 'movies', 'budget_class is not null'),
    ('runtime and roi', 'all', '0', "'all films'",
        'runtime_minutes', 'roi', 'movies', 'true'),
    ('runtime and rating', 'all', '0', "'all films'",
        'runtime_minutes', 'rating_score', 'movies', 'true'),
    ('competition and residual', 'all', '0', "'all films'",
        'n_competitors', 'log_revenue_residual', 'competing_films', 'true'),
    ('competition and residual', 'budget class', 'class_order', 'budget_class',
        'n_competitors', 'log_revenue_residual', 'competing_films', 'true')
] %}

final as (

    {% for relation, kind, id, name, x, y, source, condition in relations -%}
    select
        '{{ relation }}' as relation,
        '{{ kind }}' as group_kind,
        cast({{ id }} as bigint) as group_id,
        {{ name }} as group_name,
        movie_id,
        cast({{ x }} as double precision) as x,
        cast({{ y }} as double precision) as y
    from {{ source }}
    where {{ condition }} and {{ x }} is not null and {{ y }} is not null
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from final
