-- columns:
--   - { name: release_year, label: Year, format: year }
--   - { name: money, label: Money, format: text }
--   - { name: n_movies, label: Films, format: count }
--   - { name: share, label: Share of the year, format: percent }
--   - { name: known_rank, label: Order, format: count, hidden: true }
select
    release_year,
    case when is_in_analysis_set then 'Both known' else 'Not both known' end
        as money,
    count(*) as n_movies,
    cast(count(*) as double precision)
        / sum(count(*)) over (partition by release_year) as share,
    case when is_in_analysis_set then 1 else 2 end as known_rank
from movies
group by release_year, is_in_analysis_set
order by release_year, known_rank
