-- columns:
--   - { name: language, label: Original language, format: text }
--   - { name: n_films, label: Films, format: count }
--   - { name: n_known, label: With known gross, format: count }
--   - { name: coverage, label: Of them, format: percent }
--   - { name: total_usd, label: Gross of all, format: usd }
--   - { name: total_share, label: Share of all gross, format: percent }
--   - { name: q1_usd, label: Lower quarter, format: usd }
--   - { name: median_usd, label: Median film, format: usd }
--   - { name: q3_usd, label: Upper quarter, format: usd }
--   - { name: language_code, label: Code, format: text, hidden: true }
with

languages as (

    select
        original_language as language_code,
        min(language_name) as language,
        count(*) as n_films,
        count(money_revenue_usd) as n_known,
        cast(sum(money_revenue_usd) as bigint) as total_usd,
        sum(sum(money_revenue_usd)) over () as all_usd
    from movies
    where original_language is not null
    group by original_language

),

-- Few films have a known gross: only those are sorted.
typical as (

    select
        original_language as language_code,
        percentile_cont(0.25) within group (order by money_revenue_usd) as q1_usd,
        percentile_cont(0.5) within group (order by money_revenue_usd)
            as median_usd,
        percentile_cont(0.75) within group (order by money_revenue_usd) as q3_usd
    from movies
    where money_revenue_usd is not null and original_language is not null
    group by original_language
    having count(*) >= 10

)

select
    coalesce(languages.language, languages.language_code) as language,
    languages.n_films,
    languages.n_known,
    cast(languages.n_known as double precision) / languages.n_films as coverage,
    languages.total_usd,
    cast(languages.total_usd as double precision)
        / cast(languages.all_usd as double precision) as total_share,
    typical.q1_usd,
    typical.median_usd,
    typical.q3_usd,
    languages.language_code
from languages
inner join typical
    on languages.language_code = typical.language_code
order by typical.median_usd desc, languages.language_code
limit 40
