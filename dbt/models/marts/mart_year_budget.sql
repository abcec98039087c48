with

films as (

    select
        release_year, budget_class, budget_real_usd,
        roi, break_even_state, is_in_analysis_set
    from {{ ref('fact_movies') }}
    where is_in_population and budget_class is not null

),

counted as (

    select
        release_year,
        budget_class,
        count(*) as n_known_budget,
        cast(sum(budget_real_usd) as bigint) as budget_real_usd
    from films
    group by release_year, budget_class

),

shared as (

    select
        counted.*,
        cast(n_known_budget as double precision)
            / sum(n_known_budget) over (partition by release_year) as film_share,
        cast(budget_real_usd as double precision)
            / sum(budget_real_usd) over (partition by release_year)
            as budget_real_share
    from counted

),

numbered as (

    select
        films.*,
        {{ value_position('roi', 'release_year, budget_class') }} as roi_position,
        count(*) over (partition by release_year, budget_class) as n_roi
    from films
    where is_in_analysis_set

),

returned as (

    select
        release_year,
        budget_class,
        {{ returns_counted() | indent(8) }}
    from numbered
    group by release_year, budget_class

),

final as (

    select
        shared.release_year,
        shared.budget_class,
        classes.class_order,
        shared.release_year < {{ year_of('as_of.as_of_date') }}
            as is_complete_year,
        shared.n_known_budget,
        shared.film_share,
        shared.budget_real_usd,
        shared.budget_real_share,
        coalesce(returned.n_analysis, 0) as n_analysis,
        {{ sample_size_guard('coalesce(returned.n_analysis, 0)') | indent(8) }}
            as sample_size_guard,
        returned.median_roi,
        returned.median_roi_low,
        returned.median_roi_high,
        coalesce(returned.n_likely_profit, 0) as n_likely_profit,
        coalesce(returned.n_uncertain, 0) as n_uncertain,
        coalesce(returned.n_likely_loss, 0) as n_likely_loss,
        {{ break_even_shares() | indent(8) }}

    from shared
    cross join {{ ref('int_observations_dated') }} as as_of
    inner join {{ ref('budget_classes') }} as classes
        on shared.budget_class = classes.budget_class
    left join returned
        on
            shared.release_year = returned.release_year
            and shared.budget_class = returned.budget_class

)

select * from final
