with

films as (

    select
        genre_key, is_in_analysis_set, roi, break_even_state,
        {{ era_of('release_year') }} as era_start_year
    from {{ ref('int_movies_genres_valued') }}

),

counted as (

    select genre_key, era_start_year, count(*) as n_population
    from films
    group by genre_key, era_start_year

),

numbered as (

    select
        films.*,
        {{ value_position('roi', 'genre_key, era_start_year') }} as roi_position,
        count(*) over (partition by genre_key, era_start_year) as n_roi
    from films
    where is_in_analysis_set

),

returned as (

    select
        genre_key,
        era_start_year,
        {{ returns_counted() | indent(8) }}
    from numbered
    group by genre_key, era_start_year

),

as_of as (

    select {{ year_of('as_of_date') }} as as_of_year
    from {{ ref('int_observations_dated') }}

),

final as (

    select
        genres.genre_id,
        genres.genre_name,
        counted.era_start_year,
        counted.era_start_year + 4 < as_of.as_of_year as is_complete_era,
        counted.n_population,
        coalesce(returned.n_analysis, 0) as n_analysis,
        cast(coalesce(returned.n_analysis, 0) as double precision)
            / counted.n_population as coverage,
        {{ sample_size_guard('coalesce(returned.n_analysis, 0)') | indent(8) }}
            as sample_size_guard,
        {% for column in ['median_roi', 'median_roi_low', 'median_roi_high'] -%}
        case when returned.n_analysis >= {{ var('min_ranked_sample') }}
            then returned.{{ column }}
        end as {{ column }}{{ "," if not loop.last }}
        {% endfor %}
    from counted
    cross join as_of
    inner join {{ ref('dim_genres') }} as genres
        on counted.genre_key = genres.genre_id
    left join returned
        on
            counted.genre_key = returned.genre_key
            and counted.era_start_year = returned.era_start_year

)

select * from final
