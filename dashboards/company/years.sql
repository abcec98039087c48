-- parameters: [id, credit]
-- columns:
--   - { name: release_year, label: Year, format: year }
--   - { name: n_movies, label: Films, format: count }
--   - { name: money, label: Gross, format: text }
--   - { name: gross_usd, label: Gross of the year, format: usd }
--   - { name: known_rank, label: Order, format: count, hidden: true }
select
    movies.release_year,
    count(*) as n_movies,
    case when movies.money_revenue_usd is null then 'Gross unknown' else 'Gross known' end
        as money,
    cast(
        sum(
            cast(
                movies.money_revenue_usd
                * case when $credit = 'full' then 1 else bridge.company_weight end
                as decimal(18, 2)
            )
        ) as double precision
    ) as gross_usd,
    case when movies.money_revenue_usd is null then 2 else 1 end as known_rank
from bridge_movies_production_companies as bridge
inner join movies
    on bridge.movie_id = movies.movie_id
where bridge.company_id = $id
group by
    movies.release_year,
    case when movies.money_revenue_usd is null then 'Gross unknown' else 'Gross known' end,
    case when movies.money_revenue_usd is null then 2 else 1 end
order by movies.release_year, known_rank
