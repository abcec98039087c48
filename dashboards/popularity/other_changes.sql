-- parameters: [days]
-- columns:
--   - { name: film, label: Film, format: text, link: movie, key: movie_id }
--   - { name: attribute, label: What, format: text }
--   - { name: old_value, label: Old, format: text }
--   - { name: new_value, label: New, format: text }
--   - { name: change_kind, label: How, format: text }
--   - { name: changed_on, label: First seen, format: date }
--   - { name: movie_id, label: Film id, format: text, hidden: true }
with

-- A film that is gone has no page to lead to.
films as (

    select movie_id
    from mart_movies

)

select
    coalesce(changes.title, 'Film ' || cast(changes.movie_id as text)) as film,
    case
        when changes.attribute = 'movie' then 'The film'
        else replace(changes.attribute, '_', ' ')
    end as attribute,
    changes.old_value,
    changes.new_value,
    changes.change_kind,
    cast(changes.changed_at as date) as changed_on,
    films.movie_id
from mart_changes as changes
left join films
    on changes.movie_id = films.movie_id
where
    changes.attribute in ('movie', 'status', 'release_date', 'title')
    and changes.days_ago <= $days
order by
    changes.days_ago,
    case changes.attribute
        when 'movie' then 1
        when 'status' then 2
        when 'release_date' then 3
        else 4
    end,
    changes.movie_id
limit 200
