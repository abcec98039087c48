-- parameters: [measure]
-- columns:
--   - { name: film, label: Film, format: text, link: movie, key: movie_id }
--   - { name: direction, label: Side, format: text }
--   - { name: gross_usd, label: Gross in real dollars, format: usd }
--   - { name: yardstick_usd, label: Measured against, format: usd }
--   - { name: ratio, label: Gross ÷ that, format: multiple }
--   - { name: gap_usd, label: Difference, format: usd }
--   - { name: budget_usd, label: Budget in real dollars, format: usd }
--   - { name: peers, label: Films the expectation rests on, format: count }
--   - { name: movie_id, label: Film id, format: text, hidden: true }
with

films as (

    select
        movie_id,
        title || ' (' || cast(release_year as varchar) || ')' as film,
        revenue_real_usd as gross_usd,
        budget_real_usd as budget_usd,
        n_expected_peers as peers,
        case
            when $measure = 'expected' then cast(expected_revenue_real_usd as double precision)
            else break_even_mid_multiple * budget_real_usd
        end as yardstick_usd
    from movies
    where is_analysed and budget_usd >= 5000000 and revenue_real_usd is not null

),

measured as (

    select
        *,
        case
            when $measure = 'expected' then ln(gross_usd / yardstick_usd)
            else gross_usd - yardstick_usd
        end as distance
    from films
    where yardstick_usd > 0

),

ranked as (

    select
        *,
        row_number() over (order by distance desc, movie_id) as over_rank,
        row_number() over (order by distance, movie_id) as under_rank
    from measured

)

select
    film,
    case when distance > 0 then 'Took more' else 'Took less' end as direction,
    gross_usd,
    yardstick_usd,
    gross_usd / yardstick_usd as ratio,
    gross_usd - yardstick_usd as gap_usd,
    budget_usd,
    peers,
    movie_id
from ranked
where
    (over_rank <= 15 and distance > 0)
    or (under_rank <= 15 and distance < 0)
order by distance desc, movie_id
