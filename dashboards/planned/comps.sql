-- parameters: [budget, recent]
-- columns:
--   - { name: film, label: Film, format: text, link: movie, key: movie_id }
--   - { name: gross_usd, label: Gross, format: usd }
--   - { name: budget_usd, label: Budget, format: usd }
--   - { name: multiple, label: Gross ÷ budget, format: multiple }
--   - { name: outcome, label: Outcome, format: text }
--   - { name: primary_genre, label: First genre, format: text }
--   - { name: release_date, label: First release, format: date }
--   - { name: movie_id, label: Film id, format: text, hidden: true }
with

nearest as (

    select
        movies.*,
        abs(ln(money_budget_usd) - ln(cast($budget as double precision) * 1000000))
            as distance
    from movies
    where
        is_analysed
        and money_budget_usd > 0
        and release_year > (select max(release_year) from movies where is_analysed) - cast($recent as bigint)
    order by distance, movie_id
    limit 30

)

select
    title || ' (' || cast(release_year as varchar) || ')' as film,
    money_revenue_usd as gross_usd,
    money_budget_usd as budget_usd,
    multiple,
    case break_even_state
        when 'likely profit' then 'Likely profit'
        when 'likely loss' then 'Likely loss'
        else 'Uncertain'
    end as outcome,
    primary_genre,
    release_date,
    movie_id
from nearest
order by money_revenue_usd desc, movie_id
