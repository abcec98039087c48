-- columns:
--   - { name: release_year, label: Year, format: year }
--   - { name: n_known, label: Films with known gross, format: count }
--   - { name: top_10_share, label: Share of the ten largest, format: percent, n: n_known }
--   - { name: top_1_share, label: Share of the largest hundredth, format: percent, n: n_known }
--   - { name: gini, label: Gini's coefficient, format: number, n: n_known }
--   - { name: gross_usd, label: Known gross, format: usd }
with

ranked as (

    select
        release_year,
        cast(money_revenue_usd as double precision) as gross_usd,
        row_number() over (
            partition by release_year order by money_revenue_usd desc, movie_id
        ) as place,
        count(*) over (partition by release_year) as n
    from movies
    where money_revenue_usd is not null

)

select
    release_year,
    count(*) as n_known,
    sum(gross_usd) filter (where place <= 10) / sum(gross_usd) as top_10_share,
    sum(gross_usd) filter (where place <= greatest(1, ceil(n / 100.0))) / sum(gross_usd)
        as top_1_share,
    sum((n + 1 - 2 * place) * gross_usd) / (max(n) * sum(gross_usd)) as gini,
    cast(sum(gross_usd) as bigint) as gross_usd
from ranked
where n >= 30
group by release_year
order by release_year
