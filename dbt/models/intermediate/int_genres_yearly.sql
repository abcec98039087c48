with

films as (

    select films.genre_key, films.release_year, films.roi
    from {{ ref('int_movies_genres_valued') }} as films
    cross join {{ ref('int_observations_dated') }} as as_of
    where
        films.is_in_analysis_set
        and films.release_year < {{ year_of('as_of.as_of_date') }}

),

-- Rounded, because ties turn on the last bit.
final as (

    select
        genre_key,
        release_year,
        floor({{ quantile('roi', 0.5) }} * 1e9 + 0.5) / 1e9 as median_roi
    from films
    group by genre_key, release_year
    having count(*) >= {{ var('min_ranked_sample') }}

)

select * from final
