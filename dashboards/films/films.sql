-- parameters: [sort, known, outcome, window, month, weekday, multiple, runtime]
-- columns:
--   - { name: title, label: Film, format: text, link: movie, key: movie_id }
--   - { name: release_year, label: Year, format: year }
--   - { name: primary_genre, label: First genre, format: text }
--   - { name: budget_usd, label: Budget, format: usd }
--   - { name: gross_usd, label: Gross, format: usd }
--   - { name: roi, label: Return, format: percent }
--   - { name: outcome, label: Outcome, format: text }
--   - { name: expected_ratio, label: Gross ÷ expected, format: multiple }
--   - { name: rating_score, label: Rating score, format: rating }
--   - { name: vote_count, label: Votes, format: count }
--   - { name: money_state, label: What is known, format: text }
--   - { name: runtime_minutes, label: Length, format: minutes }
--   - { name: language_name, label: Language, format: text }
--   - { name: movie_id, label: Film id, format: text, hidden: true }
with

-- The first films alone, so that nothing else is read of the rest.
chosen as (

    select
        movie_id,
        case $sort
            when 'gross' then cast(money_revenue_usd as double precision)
            when 'budget' then cast(money_budget_usd as double precision)
            when 'return' then case when is_analysed then roi end
            when 'loss' then case when is_analysed then -roi end
            when 'expected' then log_revenue_residual
            when 'rating' then rating_score
            when 'votes' then cast(vote_count as double precision)
            else cast(release_date - date '1900-01-01' as double precision)
        end as sort_value
    from movies
    where
        (
            $known = 'any'
            or ($known = 'analysed' and is_analysed)
            or ($known = 'gross' and money_revenue_usd is not null)
            or ($known = 'budget' and money_budget_usd is not null)
        )
        and (
            cast($multiple as bigint) = 0
            or (is_analysed and multiple >= cast($multiple as bigint))
        )
        and ($outcome = 'any' or (is_analysed and break_even_state = $outcome))
        and ($window = 'any' or release_window = $window)
        and ($month = 'any' or cast(release_month as varchar) = $month)
        and ($weekday = 'any' or cast(release_weekday as varchar) = $weekday)
        and (
            cast($runtime as bigint) = 0
            or runtime_bin_start = cast($runtime as bigint) - cast($runtime as bigint) % 10
        )
    order by sort_value desc nulls last, movie_id
    limit 500

)

select
    movies.title,
    movies.release_year,
    movies.primary_genre,
    movies.money_budget_usd as budget_usd,
    movies.money_revenue_usd as gross_usd,
    movies.roi,
    case movies.break_even_state
        when 'likely profit' then 'Likely profit'
        when 'likely loss' then 'Likely loss'
        when 'uncertain' then 'Uncertain'
    end as outcome,
    exp(movies.log_revenue_residual) as expected_ratio,
    movies.rating_score,
    movies.vote_count,
    case
        when movies.budget_state = 'known' and movies.revenue_state = 'known' then
            case when movies.is_analysed then 'Both' else 'Both, not analysed' end
        when movies.budget_state = 'suspect' and movies.revenue_state = 'suspect' then 'Both suspect'
        when movies.budget_state = 'suspect' then 'Budget suspect, gross ' || movies.revenue_state
        when movies.revenue_state = 'suspect' then 'Gross suspect, budget ' || movies.budget_state
        when movies.budget_state = 'known' then 'Budget alone'
        when movies.revenue_state = 'known' then 'Gross alone'
        else 'Neither'
    end as money_state,
    movies.runtime_minutes,
    movies.language_name,
    movies.movie_id
from chosen
inner join movies
    on chosen.movie_id = movies.movie_id
order by chosen.sort_value desc nulls last, movies.movie_id
