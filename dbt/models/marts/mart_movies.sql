{% set fact_columns = [
    'release_date', 'release_year', 'runtime_minutes',
    'budget_usd', 'revenue_usd', 'budget_state', 'revenue_state',
    'budget_suspect_reason', 'revenue_suspect_reason',
    'cpi_base_year', 'budget_real_usd', 'revenue_real_usd',
    'gross_margin_usd', 'multiple', 'roi',
    'budget_class', 'break_even_state',
    'vote_average', 'vote_count', 'rating_score', 'popularity',
    'is_in_population', 'is_in_analysis_set', 'fetched_at'
] %}

with

facts as (

    select
        movie_id, language_code, collection_id,
        {{ fact_columns | join(',\n        ') }}
    from {{ ref('fact_movies') }}

),

movies as (

    select movie_id, imdb_id, title, original_title, poster_path
    from {{ ref('dim_movies') }}

),

languages as (

    select language_code, language_name
    from {{ ref('dim_languages') }}

),

collections as (

    select collection_id, collection_name, is_franchise
    from {{ ref('dim_collections') }}

),

genre_counts as (

    select movie_id, count(*) as n_genres
    from {{ ref('bridge_movies_genres') }}
    group by movie_id

),

primary_genres as (

    select bridge.movie_id, bridge.genre_id, genres.genre_name
    from {{ ref('bridge_movies_genres') }} as bridge
    inner join {{ ref('dim_genres') }} as genres
        on bridge.genre_id = genres.genre_id
    where bridge.is_primary

),

final as (

    select
        -- ids and names
        facts.movie_id,
        movies.imdb_id,
        movies.title,
        movies.original_title,
        facts.language_code as original_language,
        languages.language_name,
        primary_genres.genre_id as primary_genre_id,
        primary_genres.genre_name as primary_genre,
        coalesce(genre_counts.n_genres, 0) as n_genres,
        facts.collection_id,
        collections.collection_name,
        coalesce(collections.is_franchise, false) as is_franchise,
        movies.poster_path,

        -- the same columns as the fact
        {% for column in fact_columns -%}
        facts.{{ column }}{{ "," if not loop.last }}
        {% endfor %}
    from facts
    inner join movies
        on facts.movie_id = movies.movie_id
    left join languages
        on facts.language_code = languages.language_code
    left join collections
        on facts.collection_id = collections.collection_id
    left join genre_counts
        on facts.movie_id = genre_counts.movie_id
    left join primary_genres
        on facts.movie_id = primary_genres.movie_id

)

select * from final
