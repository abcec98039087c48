-- parameters: [money]
-- columns:
--   - { name: film, label: Film, format: text }
--   - { name: gross_usd, label: Worldwide gross, format: usd }
--   - { name: nominal_usd, label: As reported, format: usd }
--   - { name: real_usd, label: In real dollars, format: usd }
--   - { name: nominal_rank, label: Rank as reported, format: count }
--   - { name: real_rank, label: Rank in real dollars, format: count }
--   - { name: multiple, label: Gross ÷ budget, format: multiple }
--   - { name: movie_id, label: Film id, format: text, hidden: true }
with

ranked as (

    select
        movie_id,
        title,
        release_year,
        revenue_usd as nominal_usd,
        revenue_real_usd as real_usd,
        multiple,
        rank() over (order by revenue_usd desc nulls last) as nominal_rank,
        rank() over (order by revenue_real_usd desc nulls last) as real_rank
    from movies
    where revenue_state = 'known'

)

select
    title || ' (' || cast(release_year as varchar) || ')' as film,
    case when $money = 'real' then real_usd else nominal_usd end as gross_usd,
    nominal_usd,
    real_usd,
    nominal_rank,
    real_rank,
    multiple,
    movie_id
from ranked
where case when $money = 'real' then real_rank else nominal_rank end <= 20
order by gross_usd desc nulls last, movie_id
limit 20
