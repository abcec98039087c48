-- columns:
--   - { name: genre, label: Genre, format: text }
--   - { name: n_years, label: Years, format: count }
--   - { name: first_year, label: From, format: year }
--   - { name: last_year, label: To, format: year }
--   - { name: roi_change_per_year, label: Change of the return a year, format: percent }
--   - { name: tau, label: Kendall's τ, format: number }
--   - { name: p_value, label: Chance of it without a trend, format: percent }
--   - { name: reading, label: Reading, format: text }
select
    genre_name as genre,
    n_years,
    first_year,
    last_year,
    roi_change_per_year,
    kendall_tau_b as tau,
    p_value,
    case
        when p_value >= 0.05 or p_value is null then 'No clear trend'
        when kendall_tau_b > 0 then 'Returns rise'
        else 'Returns fall'
    end as reading
from mart_genre_trends
where n_years >= 10
order by p_value nulls last, genre
