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
        {{ quantile('roi', var('winsorised_share')) }} as low_roi,
        {{ quantile('roi', 1 - var('winsorised_share')) }} as high_roi
    from films
    group by collection_id

),

summed as (

    select
        films.collection_id,
        max(films.collection_name) as collection_name,
        count(*) as n_films,
        count(films.revenue_real_usd) as n_known_revenue,
        count(films.roi) as n_analysis,
        count(films.revenue_change) as n_changes,
        min(films.release_year) as first_year,
        max(films.release_year) as last_year,
        {{ exact_mean('films.gap_years') }} as mean_gap_years,
        cast(sum(films.revenue_real_usd) as bigint) as revenue_real_usd,
        {{ quantile('films.revenue_real_usd', 0.5) }} as median_revenue_real_usd,
        {{ quantile('films.roi', 0.5) }} as median_roi,
        {{ winsorised_mean(
            'films.roi', 'bounds.low_roi', 'bounds.high_roi'
        ) | indent(8) }} as winsorised_mean_roi,
        {{ portfolio_roi(
            'sum(films.analysed_budget_real_usd)',
            'sum(films.analysed_revenue_real_usd)'
        ) }} as portfolio_roi_real,
        exp({{ exact_mean('ln(films.revenue_change + 1)') }}) - 1 as mean_revenue_change,
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
        n_known_revenue,
        cast(n_known_revenue as double precision) / n_films
            as revenue_coverage,
        n_analysis,
        {{ sample_size_guard('n_analysis') | indent(8) }}
            as sample_size_guard,
        first_year,
        last_year,
        mean_gap_years,
        revenue_real_usd,
        median_revenue_real_usd,
        median_roi,
        winsorised_mean_roi,
        portfolio_roi_real,
        n_changes,
        mean_revenue_change,
        last_revenue_change

    from summed

)

select * from final
