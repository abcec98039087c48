-- parameters: [id]
-- columns:
--   - { name: release_year, label: Year, format: year }
--   - { name: film, label: Film, format: text, link: movie, key: movie_id }
--   - { name: part, label: Part, format: text }
--   - { name: gross_usd, label: Gross, format: usd }
--   - { name: budget_usd, label: Budget, format: usd }
--   - { name: movie_id, label: Film id, format: text, hidden: true }
with

-- Somebody who directs and acts in a film has two rows; the film is drawn once.
parts as (

    select
        movie_id,
        min(
            case
                when person_role = 'director' then 1
                when billing = 'lead' then 2
                when billing = 'principal' then 3
                else 4
            end
        ) as part_rank
    from mart_person_films
    where person_id = $id and is_counted
    group by movie_id

)

select
    movies.release_year,
    movies.title as film,
    case parts.part_rank
        when 1 then 'Directed'
        when 2 then 'Lead'
        when 3 then 'Third to fifth'
        else 'Further down'
    end as part,
    movies.money_revenue_usd as gross_usd,
    movies.money_budget_usd as budget_usd,
    movies.movie_id
from parts
inner join movies
    on parts.movie_id = movies.movie_id
order by movies.release_date, movies.movie_id
