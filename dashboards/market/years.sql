-- columns:
--   - { name: release_year, label: Year, format: year }
--   - { name: n_movies, label: Films, format: count }
--   - { name: n_known, label: With known gross, format: count }
--   - { name: coverage, label: Gross known, format: percent }
--   - { name: gross_usd, label: Known gross, format: usd, n: n_known }
--   - { name: median_usd, label: Median gross, format: usd, n: n_known }
select
    release_year,
    count(*) as n_movies,
    count(money_revenue_usd) as n_known,
    cast(count(money_revenue_usd) as double precision) / count(*) as coverage,
    cast(sum(money_revenue_usd) as bigint) as gross_usd,
    case when count(money_revenue_usd) >= 10 then
        percentile_cont(0.5) within group (order by money_revenue_usd)
    end as median_usd
from movies
group by release_year
order by release_year
