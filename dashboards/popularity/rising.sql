-- parameters: [age, direction]
-- columns:
--   - { name: film, label: Film, format: text, link: movie, key: movie_id }
--   - { name: factor, label: Now ÷ then, format: multiple }
--   - { name: popularity, label: Score now, format: number }
--   - { name: previous_popularity, label: Score seven days ago, format: number }
--   - { name: popularity_rank, label: Rank, format: count }
--   - { name: rank_change, label: Places won, format: count }
--   - { name: at_least, label: From under the floor, format: flag }
--   - { name: release_date, label: Released, format: date }
--   - { name: days_since_release, label: Days since release, format: count }
--   - { name: movie_id, label: Film id, format: text, hidden: true }
select
    coalesce(item_name, 'Film ' || cast(media_id as text)) as film,
    exp(ln_popularity_change) as factor,
    popularity,
    previous_popularity,
    popularity_rank,
    rank_change,
    was_under_floor as at_least,
    release_date,
    days_since_release,
    media_id as movie_id
from mart_popularity_movers
where
    media_type = 'movie'
    and coalesce(is_in_population, true)
    and ln_popularity_change is not null
    and case
        when $age = 'old' then days_since_release > 365
        when $age = 'new' then days_since_release between -90 and 365
        else true
    end
order by
    case when $direction = 'rising' then -1 else 1 end * ln_popularity_change,
    media_id
limit 25
