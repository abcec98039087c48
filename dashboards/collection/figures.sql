-- parameters: [id]
-- columns:
--   - { name: n_films, label: Films, format: count }
--   - { name: revenue_real_usd, label: Gross of all, format: usd }
--   - { name: n_known_revenue, label: Films behind the gross, format: count }
--   - { name: median_revenue_real_usd, label: Median film, format: usd }
--   - { name: winsorised_mean_roi, label: Mean return, format: percent }
--   - { name: mean_revenue_change, label: Mean change from film to film, format: percent }
select
    n_films,
    revenue_real_usd,
    n_known_revenue,
    median_revenue_real_usd,
    winsorised_mean_roi,
    mean_revenue_change
from mart_franchise
where collection_id = $id
