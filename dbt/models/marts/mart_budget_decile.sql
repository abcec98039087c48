with

films as (

    select budget_decile, budget_real_usd, roi, break_even_state
    from {{ ref('mart_movies') }}
    where is_in_analysis_set and budget_decile is not null

),

numbered as (

    select
        films.*,
        {{ value_position('roi', 'budget_decile') }} as roi_position,
        count(*) over (partition by budget_decile) as n_roi
    from films

),

returned as (

    select
        budget_decile,
        min(budget_real_usd) as min_budget_real_usd,
        max(budget_real_usd) as max_budget_real_usd,
        {{ quantile('budget_real_usd', 0.5) }} as median_budget_real_usd,
        {{ returns_counted() | indent(8) }}
    from numbered
    group by budget_decile

),

final as (

    select
        budget_decile,
        min_budget_real_usd,
        max_budget_real_usd,
        median_budget_real_usd,
        n_analysis,
        {{ sample_size_guard('n_analysis') | indent(8) }} as sample_size_guard,
        median_roi,
        median_roi_low,
        median_roi_high,
        {{ break_even_shares() | indent(8) }}

    from returned

)

select * from final
