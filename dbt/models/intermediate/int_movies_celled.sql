{# From fine to coarse: what a film is compared within, as long as there are
   enough others. #}
{% set levels = {
    'decile_genre_era_franchise': [
        'budget_decile', 'primary_genre_id', 'era_start_year', 'is_franchise'
    ],
    'decile_genre_era': ['budget_decile', 'primary_genre_id', 'era_start_year'],
    'decile_genre': ['budget_decile', 'primary_genre_id'],
    'decile': ['budget_decile'],
    'all': []
} %}

with

movies as (

    select movie_id, {{ year_of('release_date') }} as release_year
    from {{ ref('int_movies_newest') }}

),

qualified as (

    select movie_id
    from {{ ref('int_movies_qualified') }}
    where is_in_analysis_set

),

money as (

    select movie_id, budget_real_usd, revenue_real_usd
    from {{ ref('int_movies_money_banded') }}
    where budget_real_usd > 0 and revenue_real_usd > 0

),

genres as (

    select
        entries.movie_id,
        entries.genre_id,
        row_number() over (
            partition by entries.movie_id order by entries.list_position asc
        ) as genre_rank
    from {{ ref('int_movies_genres_exploded') }} as entries
    inner join qualified
        on entries.movie_id = qualified.movie_id

),

-- Films of one budget share a decile, whatever their ids.
described as (

    select
        movies.movie_id,
        money.revenue_real_usd,
        {{ decile_of('money.budget_real_usd') | indent(8) }} as budget_decile,
        genres.genre_id as primary_genre_id,
        {{ era_of('movies.release_year') }} as era_start_year,
        franchises.movie_id is not null as is_franchise

    from movies
    inner join qualified
        on movies.movie_id = qualified.movie_id
    inner join money
        on movies.movie_id = money.movie_id
    left join genres
        on movies.movie_id = genres.movie_id and genres.genre_rank = 1
    left join {{ ref('int_movies_franchised') }} as franchises
        on movies.movie_id = franchises.movie_id

),

final as (

    {% for level, columns in levels.items() -%}
    select
        movie_id,
        '{{ level }}' as cell_level,
        {{ loop.index }} as level_order,
        budget_decile as film_budget_decile,
        {% for column in levels['decile_genre_era_franchise'] -%}
        {{ column if column in columns else 'null' }} as {{ column }},
        {% endfor -%}
        revenue_real_usd
    from described
    {{ 'where primary_genre_id is not null' if 'primary_genre_id' in columns }}

    {{ 'union all' if not loop.last }}

    {% endfor %}
)

select * from final
