-- columns:
--   - { name: release_year, label: Year, format: year }
--   - { name: n_movies, label: Films with known gross, format: count }
--   - { name: gross_usd, label: Known gross, format: usd, n: n_movies }
--   - { name: median_usd, label: Median gross, format: usd, n: n_movies }
--   - { name: known, label: Money, format: text, hidden: true }
select
    release_year,
    count(*) as n_movies,
    cast(sum(money_revenue_usd) as bigint) as gross_usd,
    case when count(*) >= 10 then
        percentile_cont(0.5) within group (order by money_revenue_usd)
    end as median_usd,
    'gross' as known
from movies
where money_revenue_usd is not null
group by release_year
order by release_year
