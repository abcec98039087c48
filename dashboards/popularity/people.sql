-- parameters: [direction]
-- columns:
--   - { name: person, label: Person, format: text, link: person, key: person_id }
--   - { name: factor, label: Now ÷ then, format: multiple }
--   - { name: popularity, label: Score now, format: number }
--   - { name: previous_popularity, label: Score seven days ago, format: number }
--   - { name: popularity_rank, label: Rank, format: count }
--   - { name: rank_change, label: Places won, format: count }
--   - { name: person_id, label: Person id, format: text, hidden: true }
select
    coalesce(item_name, 'Person ' || cast(media_id as text)) as person,
    exp(ln_popularity_change) as factor,
    popularity,
    previous_popularity,
    popularity_rank,
    rank_change,
    media_id as person_id
from mart_popularity_movers
where media_type = 'person' and ln_popularity_change is not null
order by
    case when $direction = 'rising' then -1 else 1 end * ln_popularity_change,
    media_id
limit 25
