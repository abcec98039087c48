-- columns:
--   - { name: films, label: Films with a budget, format: text }
--   - { name: n_movies, label: Films, format: count }
--   - { name: rho, label: Spearman's ρ, format: number, low: low, high: high, n: n_movies }
--   - { name: low, label: Interval from, format: number, hidden: true }
--   - { name: high, label: Interval to, format: number, hidden: true }
--   - { name: reading, label: Reading, format: text }
select
    case group_name
        when 'all films' then 'of $20 M and over'
        when 'mid' then 'of $20-50 M'
        when 'upper-mid' then 'of $50-100 M'
        else 'of $100 M and over'
    end as films,
    n_films as n_movies,
    rho,
    rho_low as low,
    rho_high as high,
    case
        when rho_high < 0 then 'Films in crowded weeks take less than expected'
        when rho_low > 0 then 'Films in crowded weeks take more than expected'
        else 'No clear direction'
    end as reading
from mart_correlations
where
    relation = 'competition and residual'
    and group_kind in ('all', 'budget class')
order by group_id
