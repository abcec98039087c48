-- parameters: [id]
-- columns:
--   - { name: release_date, label: Released, format: date }
--   - { name: film, label: Film, format: text, link: movie, key: movie_id }
--   - { name: parts, label: Part or job, format: text }
--   - { name: billing, label: Billing, format: count }
--   - { name: budget_real_usd, label: Budget, format: usd }
--   - { name: revenue_real_usd, label: Gross, format: usd }
--   - { name: multiple, label: Gross ÷ budget, format: multiple }
--   - { name: rating_score, label: Rating score, format: rating }
--   - { name: vote_count, label: Votes, format: count }
--   - { name: status, label: Status, format: text }
--   - { name: movie_id, label: Film id, format: text, hidden: true }
with

credits as (

    select
        movie_id,
        min(cast_order) + 1 as billing,
        string_agg(
            case
                when credit_kind <> 'cast' then coalesce(job, 'Crew')
                else coalesce(character_name, 'Part unknown')
            end,
            ', '
            order by credit_kind, list_position
        ) as parts
    from fact_credits
    where person_id = $id
    group by movie_id

)

select
    films.release_date,
    films.title as film,
    credits.parts,
    credits.billing,
    films.budget_real_usd,
    films.revenue_real_usd,
    films.multiple,
    films.rating_score,
    films.vote_count,
    films.status,
    films.movie_id
from credits
inner join mart_movies as films
    on credits.movie_id = films.movie_id
order by films.release_date desc nulls first, films.movie_id
limit 500
