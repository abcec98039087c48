-- columns:
--   - { name: film, label: Film, format: text, link: movie, key: movie_id }
--   - { name: real_rank, label: Rank in real dollars, format: count }
--   - { name: nominal_rank, label: Rank as reported, format: count }
--   - { name: rank_change, label: Places won, format: count }
--   - { name: real_usd, label: Gross in real dollars, format: usd }
--   - { name: nominal_usd, label: Gross as reported, format: usd }
--   - { name: multiple, label: Gross ÷ budget, format: multiple }
--   - { name: remark, label: Remark, format: text }
--   - { name: moved, label: Moved, format: text, hidden: true }
--   - { name: movie_id, label: Film id, format: text, hidden: true }
with

ranked as (

    select
        movie_id,
        title || ' (' || cast(release_year as varchar) || ')' as film,
        release_year,
        revenue_usd as nominal_usd,
        revenue_real_usd as real_usd,
        multiple,
        rank() over (order by revenue_usd desc) as nominal_rank,
        rank() over (order by revenue_real_usd desc) as real_rank
    from movies
    where revenue_state = 'known' and revenue_real_usd is not null

)

select
    film,
    real_rank,
    nominal_rank,
    nominal_rank - real_rank as rank_change,
    real_usd,
    nominal_usd,
    multiple,
    case when release_year < 1980 then 'Before home video: many re-releases' end
        as remark,
    case
        when nominal_rank > real_rank
            then '▲ ' || cast(nominal_rank - real_rank as varchar)
        when nominal_rank < real_rank
            then '▼ ' || cast(real_rank - nominal_rank as varchar)
        else '='
    end as moved,
    movie_id
from ranked
where real_rank <= 25
order by real_rank, movie_id
