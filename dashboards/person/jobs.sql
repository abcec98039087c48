-- parameters: [id]
-- columns:
--   - { name: job, label: Job, format: text }
--   - { name: department, label: Department, format: text }
--   - { name: n_films, label: Films, format: count }
--   - { name: first_year, label: From, format: year }
--   - { name: last_year, label: To, format: year }
with

credits as (

    select
        movie_id,
        case when credit_kind = 'cast' then 'Acting' else department end
            as department,
        case
            when credit_kind <> 'cast' then coalesce(job, 'Job unknown')
            when is_self then 'As themselves'
            when is_archive_footage then 'In archive footage'
            when is_voice then 'Voice'
            when is_uncredited then 'Actor, uncredited'
            else 'Actor'
        end as job
    from fact_credits
    where person_id = $id

)

select
    credits.job,
    min(credits.department) as department,
    count(distinct credits.movie_id) as n_films,
    min(movies.release_year) as first_year,
    max(movies.release_year) as last_year
from credits
inner join movies
    on credits.movie_id = movies.movie_id
group by credits.job
order by n_films desc, credits.job
limit 25
