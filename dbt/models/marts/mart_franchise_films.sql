with

films as (

    select
        collection_id, collection_name, franchise_instalment, movie_id, title,
        release_date, release_year, budget_real_usd, revenue_real_usd, roi,
        is_in_analysis_set, log_revenue_residual
    from {{ ref('mart_movies') }}
    where franchise_instalment is not null

),

followed as (

    select
        *,
        {% for column in ['movie_id', 'release_date', 'revenue_real_usd'] -%}
        lag({{ column }}) over (
            partition by collection_id order by franchise_instalment asc
        ) as previous_{{ column }},
        {% endfor -%}
        count(*) over (partition by collection_id) as n_franchise_films

    from films

),

final as (

    select
        collection_id,
        collection_name,
        franchise_instalment,
        cast(n_franchise_films as integer) as n_franchise_films,
        movie_id,
        title,
        release_date,
        release_year,
        previous_movie_id,
        cast(release_date - previous_release_date as double precision)
        / {{ var('days_per_year') }} as gap_years,
        revenue_real_usd,
        previous_revenue_real_usd,
        cast(revenue_real_usd as double precision)
        / nullif(previous_revenue_real_usd, 0) - 1 as revenue_change,
        budget_real_usd,
        roi,
        is_in_analysis_set,
        log_revenue_residual

    from followed

)

select * from final
