-- parameters: [id]
-- columns:
--   - { name: title, label: Name, format: text }
--   - { name: subtitle, label: Known for, format: text }
--   - { name: image_path, label: Portrait, format: text, hidden: true }
--   - { name: birth_date, label: Born, format: date }
--   - { name: death_date, label: Died, format: date }
--   - { name: place_of_birth, label: Place of birth, format: text }
--   - { name: gender, label: Gender, format: text }
--   - { name: tmdb_url, label: TMDB, format: url }
--   - { name: imdb_url, label: IMDb, format: url }
with

-- Where TMDB does not say it, what somebody did most often.
departments as (

    select case when credit_kind = 'cast' then 'Acting' else department end
            as department
    from fact_credits
    where person_id = $id
    group by case when credit_kind = 'cast' then 'Acting' else department end
    order by count(*) desc, min(credit_key)
    limit 1

)

select
    coalesce(people.person_name, 'Person without a name') as title,
    coalesce(people.known_for_department, departments.department, 'No credits')
        as subtitle,
    people.profile_path as image_path,
    people.birth_date,
    people.death_date,
    people.place_of_birth,
    coalesce(people.gender, 'unknown') as gender,
    'https://www.themoviedb.org/person/' || cast(people.person_id as text)
        as tmdb_url,
    'https://www.imdb.com/name/' || people.imdb_id as imdb_url
from dim_people as people
left join departments
    on true
where people.person_id = $id
