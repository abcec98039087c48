-- columns:
--   - { name: title, label: Film, format: text, link: movie, key: movie_id }
--   - { name: release_year, label: Year, format: year }
--   - { name: rating_score, label: Rating score, format: rating }
--   - { name: vote_count, label: Votes, format: count }
--   - { name: gross_usd, label: Gross, format: usd }
--   - { name: movie_id, label: Film id, format: text, hidden: true }
select
    title,
    release_year,
    rating_score,
    vote_count,
    money_revenue_usd as gross_usd,
    movie_id
from movies
where is_analysed and vote_count >= 50 and money_revenue_usd is not null
order by vote_count desc, movie_id
limit 2000
