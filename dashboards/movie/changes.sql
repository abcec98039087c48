-- parameters: [id]
-- columns:
--   - { name: changed_on, label: Seen on, format: date }
--   - { name: attribute, label: What, format: text }
--   - { name: change_kind, label: Change, format: text }
--   - { name: old_value, label: Before, format: text }
--   - { name: new_value, label: After, format: text }
select
    cast(changed_at as date) as changed_on,
    case attribute
        when 'budget_usd' then 'Budget, US dollars'
        when 'revenue_usd' then 'Gross, US dollars'
        when 'release_date' then 'First release'
        when 'popularity_step' then 'Popularity reached'
        when 'movie' then 'The film itself'
        when 'status' then 'Status'
        else 'Title'
    end as attribute,
    change_kind,
    old_value,
    new_value
from mart_changes
where movie_id = $id
order by changed_at desc, attribute
limit 200
