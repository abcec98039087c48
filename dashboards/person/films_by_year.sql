-- parameters: [id]
-- columns:
--   - { name: release_year, label: Year, format: year }
--   - { name: film, label: Film, format: text, link: movie, key: movie_id }
--   - { name: part, label: Part, format: text }
--   - { name: gross_usd, label: Gross, format: usd }
--   - { name: budget_usd, label: Budget, format: usd }
--   - { name: movie_id, label: Film id, format: text, hidden: true }
with

-- A film is drawn once, for the first of these that somebody did in it.
parts as (

    select
        movie_id,
        min(
            case
                when credit_kind = 'crew' and job = 'Director' then 1
                when credit_kind = 'crew' or is_voice or is_uncredited then 5
                when cast_order <= 1 then 2
                when cast_order <= 4 then 3
                else 4
            end
        ) as part_rank
    from fact_credits
    where
        person_id = $id
        and not is_self
        and not is_archive_footage
        and coalesce(job, '') <> 'Thanks'
    group by movie_id

)

select
    movies.release_year,
    movies.title as film,
    case parts.part_rank
        when 1 then 'Directed'
        when 2 then 'Lead'
        when 3 then 'Third to fifth'
        when 4 then 'Further down'
        else 'Other work'
    end as part,
    movies.money_revenue_usd as gross_usd,
    movies.money_budget_usd as budget_usd,
    movies.movie_id
from parts
inner join movies
    on parts.movie_id = movies.movie_id
order by movies.release_date, movies.movie_id
