with

films as (

    select genre_key, budget_class, roi, break_even_state
    from {{ ref('int_movies_genres_valued') }}
    where is_in_analysis_set and budget_class is not null

),

numbered as (

    select
        films.*,
        {{ value_position('roi', 'genre_key, budget_class') }} as roi_position,
        count(*) over (partition by genre_key, budget_class) as n_roi
    from films

),

returned as (

    select
        genre_key,
        budget_class,
        {{ returns_counted() | indent(8) }}
    from numbered
    group by genre_key, budget_class

),

final as (

    select
        genres.genre_id,
        genres.genre_name,
        returned.budget_class,
        classes.class_order,
        returned.n_analysis,
        {{ sample_size_guard('returned.n_analysis') | indent(8) }}
            as sample_size_guard,
        returned.median_roi,
        returned.median_roi_low,
        returned.median_roi_high,
        {{ break_even_shares() | indent(8) }}

    from returned
    inner join {{ ref('dim_genres') }} as genres
        on returned.genre_key = genres.genre_id
    inner join {{ ref('budget_classes') }} as classes
        on returned.budget_class = classes.budget_class

)

select * from final
