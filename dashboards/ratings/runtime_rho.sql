-- columns:
--   - { name: relation_label, label: Relation, format: text }
--   - { name: n_movies, label: Films, format: count }
--   - { name: rho, label: Spearman's ρ, format: number, low: low, high: high, n: n_movies }
--   - { name: low, label: Interval from, format: number, hidden: true }
--   - { name: high, label: Interval to, format: number, hidden: true }
select
    case relation
        when 'runtime and roi' then 'Runtime and return'
        when 'runtime and rating' then 'Runtime and rating'
        else relation
    end as relation_label,
    n_films as n_movies,
    rho,
    rho_low as low,
    rho_high as high
from mart_correlations
where group_kind = 'all' and relation in ('runtime and roi', 'runtime and rating')
order by relation
