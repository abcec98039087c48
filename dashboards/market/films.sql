-- columns:
--   - { name: release_year, label: Year, format: year }
--   - { name: n_movies, label: Films, format: count }
--   - { name: n_known, label: With known gross, format: count }
--   - { name: coverage, label: Gross known, format: percent }
select
    release_year,
    count(*) as n_movies,
    count(money_revenue_usd) as n_known,
    cast(count(money_revenue_usd) as double precision) / count(*) as coverage
from movies
group by release_year
order by release_year
