-- parameters: [id]
-- columns:
--   - { name: place, label: Billing, format: count }
--   - { name: person_name, label: Actor, format: text, link: person, key: person_id }
--   - { name: character_name, label: Part, format: text }
--   - { name: remark, label: Remark, format: text }
--   - { name: person_id, label: Person id, format: text, hidden: true }
select
    roles.cast_order + 1 as place,
    people.person_name,
    roles.character_name,
    case
        when roles.is_voice then 'voice'
        when roles.is_archive_footage then 'archive footage'
        when roles.is_self then 'as themselves'
        when roles.is_uncredited then 'uncredited'
    end as remark,
    roles.person_id
from bridge_movies_cast as roles
inner join dim_people as people
    on roles.person_id = people.person_id
where roles.movie_id = $id
order by roles.cast_order nulls last, roles.list_position
limit 40
