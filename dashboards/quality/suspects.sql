-- parameters: [amount]
-- columns:
--   - { name: film, label: Film, format: text, link: movie, key: movie_id }
--   - { name: release_year, label: Year, format: year }
--   - { name: amount_kind, label: Amount, format: text }
--   - { name: amount_usd, label: As entered, format: usd }
--   - { name: other_amount_usd, label: The other amount, format: usd }
--   - { name: reason, label: Why it is suspect, format: text }
--   - { name: vote_count, label: Votes, format: count }
--   - { name: edit_url, label: Mend it at TMDB, format: url }
--   - { name: movie_id, label: Film id, format: text, hidden: true }
select
    coalesce(title, 'Film ' || cast(movie_id as text)) as film,
    release_year,
    case amount_kind when 'budget' then 'Budget' else 'Gross' end as amount_kind,
    amount_usd,
    other_amount_usd,
    replace(suspect_reason, '_', ' ') as reason,
    vote_count,
    'https://www.themoviedb.org' || edit_path as edit_url,
    movie_id
from mart_quality_suspects
where $amount = 'either' or amount_kind = $amount
order by vote_count desc nulls last, movie_id, amount_kind
limit 200
