-- parameters: [id]
-- columns:
--   - { name: step, label: Amount, format: text }
--   - { name: value_usd, label: Real dollars, format: usd }
--   - { name: low_usd, label: From, format: usd }
--   - { name: high_usd, label: To, format: usd }
--   - { name: remark, label: How, format: text }
with

film as (

    select *
    from mart_movies
    where movie_id = $id

),

steps as (

    select
        1 as place,
        'Budget' as step,
        cast(budget_real_usd as double precision) as value_usd,
        cast(null as double precision) as low_usd,
        cast(null as double precision) as high_usd,
        'Production cost without marketing' as remark
    from film

    union all

    select
        2 as place,
        'Break-even band' as step,
        budget_real_usd * break_even_mid_multiple as value_usd,
        budget_real_usd * break_even_low_multiple as low_usd,
        budget_real_usd * break_even_high_multiple as high_usd,
        'Budget times ' || cast(break_even_low_multiple as varchar) || ' to '
            || cast(break_even_high_multiple as varchar) as remark
    from film

    union all

    select
        3 as place,
        'What such films take' as step,
        cast(expected_revenue_real_usd as double precision) as value_usd,
        cast(null as double precision) as low_usd,
        cast(null as double precision) as high_usd,
        'Median of ' || cast(n_expected_peers as varchar) || ' films of a like '
            || case expected_level
                when 'decile_genre_era_franchise' then 'budget, genre, time and franchise'
                when 'decile_genre_era' then 'budget, genre and time'
                when 'decile_genre' then 'budget and genre'
                when 'decile' then 'budget'
                else 'kind: all films'
            end as remark
    from film

    union all

    select
        4 as place,
        'Gross' as step,
        cast(revenue_real_usd as double precision) as value_usd,
        cast(null as double precision) as low_usd,
        cast(null as double precision) as high_usd,
        'Worldwide, in cinemas' as remark
    from film

)

select step, value_usd, low_usd, high_usd, remark
from steps
where value_usd is not null
order by place
