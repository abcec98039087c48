-- columns:
--   - { name: title, label: Film, format: text, link: movie, key: movie_id }
--   - { name: release_date, label: First release, format: date }
--   - { name: primary_genre, label: First genre, format: text }
--   - { name: budget_usd, label: Budget, format: usd }
--   - { name: gross_usd, label: Gross, format: usd }
--   - { name: outcome, label: Outcome, format: text }
--   - { name: rating_score, label: Rating score, format: rating }
--   - { name: vote_count, label: Votes, format: count }
--   - { name: movie_id, label: Film id, format: text, hidden: true }
select
    title,
    release_date,
    primary_genre,
    money_budget_usd as budget_usd,
    money_revenue_usd as gross_usd,
    case break_even_state
        when 'likely profit' then 'Likely profit'
        when 'likely loss' then 'Likely loss'
        when 'uncertain' then 'Uncertain'
    end as outcome,
    rating_score,
    vote_count,
    movie_id
from movies
where release_year = (select max(release_year) from movies where vote_count >= 50)
order by vote_count desc nulls last, movie_id
limit 10
