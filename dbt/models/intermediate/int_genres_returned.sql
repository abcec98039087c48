with

films as (

    select
        genre_key, is_primary, roi, multiple, break_even_state,
        vote_count, rating_score
    from {{ ref('int_movies_genres_valued') }}
    where is_in_analysis_set

),

attributed as (

    select 'full' as attribution, films.* from films
    union all
    select 'primary' as attribution, films.* from films
    where is_primary

),

bounds as (

    select
        attribution,
        genre_key,
        {{ quantile('roi', var('winsorised_share')) }} as low_roi,
        {{ quantile('roi', 1 - var('winsorised_share')) }} as high_roi,
        {{ quantile('roi', 0.25) }} as roi_q1,
        {{ quantile('roi', 0.75) }} as roi_q3,
        {{ quantile('ln(multiple)', 0.75) }}
        - {{ quantile('ln(multiple)', 0.25) }} as ln_multiple_iqr
    from attributed
    group by attribution, genre_key

),

numbered as (

    select
        attributed.*,
        {{ value_position('roi', 'attribution, genre_key') }} as roi_position,
        count(*) over (partition by attribution, genre_key) as n_roi
    from attributed

),

final as (

    select
        numbered.attribution,
        numbered.genre_key,
        {{ returns_counted() | indent(8) }},
        min(bounds.roi_q1) as roi_q1,
        min(bounds.roi_q3) as roi_q3,
        {{ winsorised_mean('numbered.roi', 'bounds.low_roi', 'bounds.high_roi')
            | indent(8) }} as winsorised_mean_roi,
        min(bounds.ln_multiple_iqr) as ln_multiple_iqr,
        {{ count_where('multiple >= ' ~ var('high_multiple')) }}
            as n_high_multiple,
        {{ count_where('vote_count >= ' ~ var('min_votes')) }} as n_rated,
        {{ exact_mean(
            'case when vote_count >= ' ~ var('min_votes') ~ ' then rating_score end'
        ) }} as mean_rating_score

    from numbered
    inner join bounds
        on
            numbered.attribution = bounds.attribution
            and numbered.genre_key = bounds.genre_key
    group by numbered.attribution, numbered.genre_key

)

select * from final
