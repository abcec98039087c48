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
{% set detail_columns = [
    'release_month', 'release_weekday', 'release_window', 'is_dump_period',
    'era_start_year', 'release_type_state', 'origin_country_code',
    'runtime_bin_start', 'franchise_instalment', 'break_even_low_multiple',
    'break_even_mid_multiple', 'break_even_high_multiple',
    'break_even_gap_real_usd', 'modelled_net_usd',
    'budget_decile', 'expected_log_revenue', 'expected_revenue_real_usd',
    'expected_level', 'n_expected_peers', 'log_revenue_residual'
] %}

with

facts as (

    select movie_id, language_code, collection_id, {{ fact_columns | join(', ') }}
    from {{ ref('fact_movies') }}

),

details as (

    select movie_id, {{ detail_columns | join(', ') }}
    from {{ ref('int_movies_detailed') }}

),

genres as (

    select
        movie_id,
        count(*) as n_genres,
        max(case when is_primary then genre_id end) as primary_genre_id
    from {{ ref('bridge_movies_genres') }}
    group by movie_id

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
        genres.primary_genre_id,
        primary_genres.genre_name as primary_genre,
        coalesce(genres.n_genres, 0) as n_genres,
        facts.collection_id,
        collections.collection_name,
        coalesce(collections.is_franchise, false) as is_franchise,
        movies.poster_path,

        -- the same columns as the fact
        {% for column in fact_columns -%}
        facts.{{ column }},
        {% endfor %}
        -- stage, place in the calendar, break-even and expectation
        movies.status,
        {% for column in detail_columns -%}
        details.{{ column }},
        {% endfor %}
        cast({{ var('analysis_budget_floor_usd') }} as bigint)
            as analysis_budget_floor_usd
    from facts
    inner join {{ ref('dim_movies') }} as movies
        on facts.movie_id = movies.movie_id
    inner join details
        on facts.movie_id = details.movie_id
    left join genres
        on facts.movie_id = genres.movie_id
    left join {{ ref('dim_genres') }} as primary_genres
        on genres.primary_genre_id = primary_genres.genre_id
    left join {{ ref('dim_languages') }} as languages
        on facts.language_code = languages.language_code
    left join {{ ref('dim_collections') }} as collections
        on facts.collection_id = collections.collection_id

)

select * from final
-- Few films have an amount, and most questions are about those: they come first,
-- then years stand together, and an engine reads that stretch of rows alone.
order by
    revenue_usd is null, budget_usd is null, is_in_population desc,
    release_year asc nulls last, movie_id asc
