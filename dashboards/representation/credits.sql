-- parameters: [credit_group]
-- columns:
--   - { name: release_year, label: Year, format: year }
--   - { name: gender, label: Gender, format: text }
--   - { name: n_credits, label: Credits, format: count }
--   - { name: share, label: Share of credits, format: percent }
--   - { name: gender_rank, label: Order, format: count, hidden: true }
with

years as (

    select
        release_year,
        n_credits as n_all,
        n_women,
        n_non_binary,
        n_men,
        n_unknown_gender
    from mart_gender_year
    where credit_group = $credit_group and n_credits >= 10 and release_year >= 1920

),

genders as (

    select release_year, n_all, 'Women' as gender, n_women as n_credits,
        1 as gender_rank
    from years

    union all

    select release_year, n_all, 'Non-binary' as gender, n_non_binary as n_credits,
        2 as gender_rank
    from years

    union all

    select release_year, n_all, 'Men' as gender, n_men as n_credits,
        3 as gender_rank
    from years

    union all

    select release_year, n_all, 'Unknown' as gender,
        n_unknown_gender as n_credits, 4 as gender_rank
    from years

)

select
    release_year,
    gender,
    n_credits,
    cast(n_credits as double precision) / n_all as share,
    gender_rank
from genders
order by release_year, gender_rank
