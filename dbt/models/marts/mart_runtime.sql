with

films as (

    select
        runtime_bin_start, roi, break_even_state, rating_score,
        vote_count >= {{ var('min_votes') }} as is_rated
    from {{ ref('mart_movies') }}
    where is_in_analysis_set

),

numbered as (

    select
        films.*,
        {{ value_position('roi', 'runtime_bin_start') }} as roi_position,
        count(*) over (partition by runtime_bin_start) as n_roi
    from films

),

returned as (

    select
        runtime_bin_start,
        {{ returns_counted() | indent(8) }},
        {{ count_where('is_rated') }} as n_rated,
        {{ quantile('case when is_rated then rating_score end', 0.5) }}
            as median_rating_score
    from numbered
    group by runtime_bin_start

),

final as (

    select
        runtime_bin_start,
        n_analysis,
        {{ sample_size_guard('n_analysis') | indent(8) }} as sample_size_guard,
        median_roi,
        median_roi_low,
        median_roi_high,
        {{ break_even_shares() | indent(8) }},
        n_rated,
        median_rating_score

    from returned

)

select * from final
