-- columns:
--   - { name: franchise, label: Franchise, format: text, link: collection, key: collection_id }
--   - { name: gross_usd, label: Gross of all films, format: usd }
--   - { name: n_films, label: Films, format: count }
--   - { name: n_known, label: With known gross, format: count }
--   - { name: median_usd, label: Median film, format: usd }
--   - { name: n_analysis, label: Films behind the return, format: count }
--   - { name: mean_roi, label: Mean return, format: percent }
--   - { name: last_change, label: Latest film against the one before, format: percent }
--   - { name: mean_change, label: Mean change from film to film, format: percent }
--   - { name: first_year, label: From, format: year }
--   - { name: last_year, label: To, format: year }
--   - { name: collection_id, label: Collection id, format: text, hidden: true }
with

-- Decimals add up alike in any order; doubles would differ in the last digit.
franchises as (

    select
        collection_id,
        min(collection_name) as collection_name,
        count(*) as n_films,
        count(money_revenue_usd) as n_known,
        cast(sum(money_revenue_usd) as bigint) as gross_usd,
        percentile_cont(0.5) within group (order by money_revenue_usd)
            as median_usd,
        count(roi) filter (where is_analysed) as n_analysis,
        cast(
            avg(cast(roi as decimal(18, 6))) filter (where is_analysed)
            as double precision
        ) as mean_roi,
        min(release_year) as first_year,
        max(release_year) as last_year
    from movies
    where is_franchise
    group by collection_id
    having count(money_revenue_usd) >= 2
    order by gross_usd desc, collection_id
    limit 25

)

select
    coalesce(replace(franchises.collection_name, ' Collection', ''), 'No name')
        as franchise,
    franchises.gross_usd,
    franchises.n_films,
    franchises.n_known,
    franchises.median_usd,
    franchises.n_analysis,
    franchises.mean_roi,
    whole.last_revenue_change as last_change,
    whole.mean_revenue_change as mean_change,
    franchises.first_year,
    franchises.last_year,
    franchises.collection_id
from franchises
left join mart_franchise as whole
    on franchises.collection_id = whole.collection_id
order by franchises.gross_usd desc, franchises.collection_id
