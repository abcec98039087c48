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
select
    coalesce(person_name, 'Person without a name') as title,
    coalesce(known_for_department, 'Department unknown') as subtitle,
    profile_path as image_path,
    birth_date,
    death_date,
    place_of_birth,
    coalesce(gender, 'unknown') as gender,
    'https://www.themoviedb.org/person/' || cast(person_id as text) as tmdb_url,
    'https://www.imdb.com/name/' || imdb_id as imdb_url
from dim_people
where person_id = $id
