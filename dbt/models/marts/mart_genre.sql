with

-- Under one genre a film; whole dollars add up the same in any order.
totals as (

    select sum(revenue_real_usd) as revenue_real_usd
    from {{ ref('int_genres_summed') }}
    where attribution = 'primary'

),

-- A share of a film changes what it adds to sums and not what it returned.
final as (

    select
        genres.genre_id,
        coalesce(genres.genre_name, 'No genre') as genre_name,
        summed.attribution,
        summed.n_population,
        summed.weighted_films,
        summed.n_known_revenue,
        coalesce(returned.n_analysis, 0) as n_analysis,
        cast(coalesce(returned.n_analysis, 0) as double precision)
            / summed.n_population as coverage,
        {{ sample_size_guard('coalesce(returned.n_analysis, 0)') | indent(8) }}
            as sample_size_guard,
        returned.median_roi,
        returned.median_roi_low,
        returned.median_roi_high,
        returned.roi_q1,
        returned.roi_q3,
        returned.winsorised_mean_roi,
        {{ portfolio_roi('funded_budget_usd', 'funded_revenue_usd') }}
            as portfolio_roi,
        {{ portfolio_roi('funded_budget_real_usd', 'funded_revenue_real_usd') }}
            as portfolio_roi_real,
        {{ break_even_shares() | indent(8) }},
        returned.ln_multiple_iqr,
        {{ share_with_interval('high_multiple_share', 'n_high_multiple', 'n_analysis')
            | indent(8) }},
        returned.n_rated,
        returned.mean_rating_score,
        summed.revenue_real_usd,
        summed.revenue_real_usd / nullif(totals.revenue_real_usd, 0)
            as revenue_real_share,
        correlations.rho as budget_roi_rho,
        correlations.rho_low as budget_roi_rho_low,
        correlations.rho_high as budget_roi_rho_high

    from {{ ref('int_genres_summed') }} as summed
    cross join totals
    left join {{ ref('dim_genres') }} as genres
        on summed.genre_key = genres.genre_id
    left join {{ ref('int_genres_returned') }} as returned
        on
            summed.genre_key = returned.genre_key
            and returned.attribution
            = case summed.attribution when 'primary' then 'primary' else 'full' end
    left join {{ ref('mart_correlations') }} as correlations
        on
            correlations.relation = 'budget and roi'
            and summed.genre_key = correlations.group_id
            and correlations.group_kind
            = case summed.attribution when 'primary' then 'primary genre' else 'genre' end

)

select * from final
