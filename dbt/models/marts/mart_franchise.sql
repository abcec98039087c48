with

films as (

    select
        collection_id, collection_name, franchise_instalment, n_franchise_films,
        release_year, revenue_real_usd, revenue_change, gap_years,
        case when is_in_analysis_set then roi end as roi,
        case when is_in_analysis_set then budget_real_usd end
            as analysed_budget_real_usd,
        case when is_in_analysis_set then revenue_real_usd end
            as analysed_revenue_real_usd
    from {{ ref('mart_franchise_films') }}

),

bounds as (

    select
        collection_id,
        {{ quantile('roi', var('winsorised_share')) }} as roi_lower_bound,
        {{ quantile('roi', 1 - var('winsorised_share')) }} as roi_upper_bound
    from films
    group by collection_id

),

summed as (

    select
        films.collection_id,
        max(films.collection_name) as collection_name,
        count(*) as n_films,
        count(films.revenue_real_usd) as n_films_with_revenue,
        count(films.roi) as n_films_in_analysis_set,
        count(films.revenue_change) as n_changes,
        min(films.release_year) as first_year,
        max(films.release_year) as last_year,
        avg(films.gap_years) as mean_gap_years,
        cast(sum(films.revenue_real_usd) as bigint) as revenue_real_usd,
        {{ quantile('films.revenue_real_usd', 0.5) }} as revenue_real_median_usd,
        {{ quantile('films.roi', 0.5) }} as roi_median,
        {{ winsorised_mean(
            'films.roi', 'bounds.roi_lower_bound', 'bounds.roi_upper_bound'
        ) | indent(8) }} as roi_mean,
        {{ portfolio_roi(
            'sum(films.analysed_budget_real_usd)',
            'sum(films.analysed_revenue_real_usd)'
        ) }} as portfolio_roi,
        exp(avg(ln(films.revenue_change + 1))) - 1 as mean_revenue_change,
        max(
            case
                when films.franchise_instalment = films.n_franchise_films
                    then films.revenue_change
            end
        ) as last_revenue_change

    from films
    inner join bounds
        on films.collection_id = bounds.collection_id
    group by films.collection_id

),

final as (

    select
        collection_id,
        collection_name,
        n_films,
        n_films_with_revenue,
        cast(n_films_with_revenue as double precision) / n_films
            as revenue_coverage,
        n_films_in_analysis_set,
        {{ sample_size_guard('n_films_in_analysis_set') | indent(8) }}
            as sample_size_guard,
        first_year,
        last_year,
        mean_gap_years,
        revenue_real_usd,
        revenue_real_median_usd,
        roi_median,
        roi_mean,
        portfolio_roi,
        n_changes,
        mean_revenue_change,
        last_revenue_change

    from summed

)

select * from final
