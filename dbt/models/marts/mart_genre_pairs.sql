with

films as (

    select movie_id, genre_key, roi, break_even_state
    from {{ ref('int_movies_genres_valued') }}
    where is_in_analysis_set and genre_key <> 0

),

paired as (

    select
        films.genre_key,
        others.genre_key as other_genre_key,
        films.roi,
        films.break_even_state
    from films
    inner join films as others
        on films.movie_id = others.movie_id
    where films.genre_key < others.genre_key

),

numbered as (

    select
        paired.*,
        {{ value_position('roi', 'genre_key, other_genre_key') }} as roi_position,
        count(*) over (partition by genre_key, other_genre_key) as n_roi
    from paired

),

returned as (

    select
        genre_key,
        other_genre_key,
        {{ returns_counted() | indent(8) }}
    from numbered
    group by genre_key, other_genre_key

),

alone as (

    select
        genre_key,
        {{ quantile('roi', 0.5) }} as median_roi
    from films
    group by genre_key

),

-- A multiple is never negative, so its medians can be divided.
final as (

    select
        returned.genre_key as genre_id,
        genres.genre_name,
        returned.other_genre_key as other_genre_id,
        other_genres.genre_name as other_genre_name,
        returned.n_analysis,
        {{ sample_size_guard('returned.n_analysis') | indent(8) }}
            as sample_size_guard,
        returned.n_analysis >= {{ var('min_pair_sample') }} as is_ranked,
        returned.median_roi,
        returned.median_roi_low,
        returned.median_roi_high,
        (1 + returned.median_roi) / nullif(1 + alone.median_roi, 0)
            as lift_over_genre,
        (1 + returned.median_roi) / nullif(1 + other_alone.median_roi, 0)
            as lift_over_other_genre,
        {{ break_even_shares() | indent(8) }}

    from returned
    inner join alone on returned.genre_key = alone.genre_key
    inner join alone as other_alone
        on returned.other_genre_key = other_alone.genre_key
    inner join {{ ref('dim_genres') }} as genres
        on returned.genre_key = genres.genre_id
    inner join {{ ref('dim_genres') }} as other_genres
        on returned.other_genre_key = other_genres.genre_id

)

select * from final
