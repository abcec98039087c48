-- columns:
--   - { name: release_year, label: Year, format: year }
--   - { name: n_movies, label: Films with known gross, format: count }
--   - { name: top_10_share, label: Share of the ten largest, format: percent, n: n_movies }
--   - { name: top_1_share, label: Share of the largest hundredth, format: percent, n: n_movies }
--   - { name: gini, label: Gini's coefficient, format: number, n: n_movies }
--   - { name: gross_usd, label: Known gross, format: usd }
--   - { name: known, label: Money, format: text, hidden: true }
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
    count(*) as n_movies,
    sum(gross_usd) filter (where place <= 10) / sum(gross_usd) as top_10_share,
    sum(gross_usd) filter (where place <= greatest(1, ceil(n / 100.0))) / sum(gross_usd)
        as top_1_share,
    sum((n + 1 - 2 * place) * gross_usd) / (max(n) * sum(gross_usd)) as gini,
    cast(sum(gross_usd) as bigint) as gross_usd,
    'gross' as known
from ranked
where n >= 30
group by release_year
order by release_year
