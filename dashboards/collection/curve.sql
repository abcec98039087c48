-- parameters: [id]
-- columns:
--   - { name: film, label: Film, format: text, link: movie, key: movie_id }
--   - { name: release_date, label: Released, format: date }
--   - { name: measure, label: Measure, format: text }
--   - { name: amount_usd, label: Amount, format: usd }
--   - { name: movie_id, label: Film id, format: text, hidden: true }
with

films as (

    select
        movie_id,
        title as film,
        release_date,
        money_revenue_usd,
        money_budget_usd
    from movies
    where collection_id = $id

),

amounts as (

    select film, release_date, 'Gross' as measure,
        money_revenue_usd as amount_usd, movie_id
    from films

    union all

    select film, release_date, 'Budget' as measure,
        money_budget_usd as amount_usd, movie_id
    from films

)

select film, release_date, measure, amount_usd, movie_id
from amounts
where amount_usd is not null
order by release_date, movie_id, measure desc
