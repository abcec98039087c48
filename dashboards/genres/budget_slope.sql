-- columns:
--   - { name: genre, label: Genre, format: text }
--   - { name: n_movies, label: Films with known money, format: count }
--   - { name: rho, label: Spearman's ρ of budget and return, format: number, low: low, high: high, n: n_movies }
--   - { name: low, label: Interval from, format: number, hidden: true }
--   - { name: high, label: Interval to, format: number, hidden: true }
--   - { name: reading, label: Reading, format: text }
select
    group_name as genre,
    n_films as n_movies,
    rho,
    rho_low as low,
    rho_high as high,
    case
        when rho_high < 0 then 'Cheaper films return more'
        when rho_low > 0 then 'Dearer films return more'
        else 'No clear direction'
    end as reading
from mart_correlations
where
    relation = 'budget and roi'
    and group_kind = 'genre'
    and group_id > 0
    and n_films >= 30
order by rho, genre
