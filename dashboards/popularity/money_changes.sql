-- parameters: [days]
-- columns:
--   - { name: film, label: Film, format: text, link: movie, key: movie_id }
--   - { name: attribute, label: What, format: text }
--   - { name: old_amount_usd, label: Old, format: usd }
--   - { name: new_amount_usd, label: New, format: usd }
--   - { name: change_factor, label: New ÷ old, format: multiple }
--   - { name: change_kind, label: How, format: text }
--   - { name: changed_on, label: First seen, format: date }
--   - { name: is_tenfold, label: Tenfold, format: flag }
--   - { name: movie_id, label: Film id, format: text, hidden: true }
select
    coalesce(title, 'Film ' || cast(movie_id as text)) as film,
    case attribute when 'budget_usd' then 'Budget' else 'Gross' end as attribute,
    old_amount_usd,
    new_amount_usd,
    change_factor,
    change_kind,
    cast(changed_at as date) as changed_on,
    is_tenfold,
    movie_id
from mart_changes
where attribute in ('budget_usd', 'revenue_usd') and days_ago <= $days
order by
    days_ago,
    greatest(coalesce(old_amount_usd, 0), coalesce(new_amount_usd, 0)) desc,
    movie_id,
    attribute
limit 200
