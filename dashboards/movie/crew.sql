-- parameters: [id]
-- columns:
--   - { name: person_name, label: Name, format: text, link: person, key: person_id }
--   - { name: jobs, label: Did, format: text }
--   - { name: person_id, label: Person id, format: text, hidden: true }
with

people_jobs as (

    select
        crew.person_id,
        min(case
            when crew.is_director then 1
            when crew.is_writer then 2
            when crew.job = 'Producer' then 3
            when crew.job = 'Executive Producer' then 5
            when crew.job in (
                'Director of Photography', 'Editor', 'Original Music Composer',
                'Production Design', 'Casting', 'Costume Design'
            ) then 4
            else 9
        end) as place,
        min(crew.list_position) as list_position,
        string_agg(crew.job, ', ' order by crew.list_position) as jobs
    from bridge_movies_crew as crew
    where crew.movie_id = $id and crew.person_id is not null
    group by crew.person_id

)

select people.person_name, people_jobs.jobs, people_jobs.person_id
from people_jobs
inner join dim_people as people
    on people_jobs.person_id = people.person_id
order by people_jobs.place, people_jobs.list_position
limit 40
