-- parameters: [id]
-- columns:
--   - { name: film, label: Film, format: text, link: movie, key: movie_id }
--   - { name: distance, label: Distance, format: number }
--   - { name: revenue_real_usd, label: Gross in real dollars, format: usd }
--   - { name: budget_real_usd, label: Budget in real dollars, format: usd }
--   - { name: multiple, label: Gross ÷ budget, format: multiple }
--   - { name: outcome, label: Outcome, format: text }
--   - { name: p25_usd, label: A quarter took less than, format: usd }
--   - { name: p50_usd, label: Half took less than, format: usd }
--   - { name: p75_usd, label: A quarter took more than, format: usd }
--   - { name: p25_multiple, label: A quarter returned less than, format: multiple }
--   - { name: p50_multiple, label: Half returned less than, format: multiple }
--   - { name: p75_multiple, label: A quarter returned more than, format: multiple }
--   - { name: n_losses, label: Likely losses among them, format: count }
--   - { name: own_usd, label: This film's gross, format: usd }
--   - { name: movie_id, label: Film id, format: text, hidden: true }
with

target as (

    select
        *,
        coalesce(release_date, current_date) as before_date
    from mart_comps
    where movie_id = $id

),

candidates as (

    select films.*
    from mart_comps as films
    cross join target
    where
        films.is_comparable
        and films.release_date < target.before_date
        and films.release_date >= target.before_date - interval '15 years'
        and films.movie_id <> target.movie_id

),

ranges as (

    select
        greatest(max(candidates.log_budget_real), max(target.log_budget_real))
            - least(min(candidates.log_budget_real), min(target.log_budget_real))
            as log_budget_range,
        greatest(max(candidates.runtime_minutes), max(target.runtime_minutes))
            - least(min(candidates.runtime_minutes), min(target.runtime_minutes))
            as runtime_range
    from candidates
    cross join target

),

shared as (

    select movie_id, sum(n_genres) as n_genres, sum(n_keywords) as n_keywords
    from (
        select others.movie_id, count(*) as n_genres, 0 as n_keywords
        from bridge_movies_genres as own
        inner join bridge_movies_genres as others
            on own.genre_id = others.genre_id
        where own.movie_id = $id
        group by others.movie_id

        union all

        select others.movie_id, 0 as n_genres, count(*) as n_keywords
        from bridge_movies_keywords as own
        inner join bridge_movies_keywords as others
            on own.keyword_id = others.keyword_id
        where own.movie_id = $id
        group by others.movie_id
    ) as counted
    group by movie_id

),

-- The macros `comparable_distances` and `gower_distance`: a part that one of
-- both does not know is left out.
parts as (

    select
        candidates.*,
        abs(candidates.log_budget_real - target.log_budget_real)
            / nullif(ranges.log_budget_range, 0) as log_budget,
        1 - cast(coalesce(shared.n_genres, 0) as double precision) / nullif(
            candidates.n_genres + target.n_genres - coalesce(shared.n_genres, 0), 0
        ) as genres,
        1 - cast(coalesce(shared.n_keywords, 0) as double precision) / nullif(
            candidates.n_keywords + target.n_keywords - coalesce(shared.n_keywords, 0), 0
        ) as keywords,
        case when candidates.original_language = target.original_language then 0
            when candidates.original_language <> target.original_language then 1
        end as language,
        case when candidates.origin_country_code = target.origin_country_code then 0
            when candidates.origin_country_code <> target.origin_country_code then 1
        end as origin,
        case when candidates.release_window = target.release_window then 0
            when candidates.release_window <> target.release_window then 1
        end as season,
        cast(abs(candidates.runtime_minutes - target.runtime_minutes) as double precision)
            / nullif(ranges.runtime_range, 0) as runtime,
        case when candidates.is_franchise = target.is_franchise then 0 else 1 end as series
    from candidates
    cross join target
    cross join ranges
    left join shared
        on candidates.movie_id = shared.movie_id

),

weighed as (

    select
        parts.*,
        35 * coalesce(log_budget, 0) + 25 * coalesce(genres, 0)
            + 15 * coalesce(keywords, 0) + 5 * coalesce(language, 0)
            + 5 * coalesce(origin, 0) + 5 * coalesce(season, 0)
            + 5 * coalesce(runtime, 0) + 5 * series as weighed_distance,
        case when log_budget is null then 0 else 35 end
            + case when genres is null then 0 else 25 end
            + case when keywords is null then 0 else 15 end
            + case when language is null then 0 else 5 end
            + case when origin is null then 0 else 5 end
            + case when season is null then 0 else 5 end
            + case when runtime is null then 0 else 5 end + 5 as known_weight
    from parts

),

-- A film of which little is known agrees with any film by accident.
nearest as (

    select *
    from (select *, max(known_weight) over () as most_known from weighed) as films
    where known_weight >= 0.75 * most_known
    order by weighed_distance / known_weight, movie_id
    limit 15

),

quartiles as (

    select
        percentile_cont(0.25) within group (order by revenue_real_usd) as p25_usd,
        percentile_cont(0.5) within group (order by revenue_real_usd) as p50_usd,
        percentile_cont(0.75) within group (order by revenue_real_usd) as p75_usd,
        percentile_cont(0.25) within group (order by multiple) as p25_multiple,
        percentile_cont(0.5) within group (order by multiple) as p50_multiple,
        percentile_cont(0.75) within group (order by multiple) as p75_multiple,
        count(*) filter (where break_even_state = 'likely loss') as n_losses
    from nearest

)

select
    nearest.title || ' (' || cast(nearest.release_year as varchar) || ')' as film,
    cast(nearest.weighed_distance as double precision) / nearest.known_weight as distance,
    nearest.revenue_real_usd,
    nearest.budget_real_usd,
    nearest.multiple,
    case nearest.break_even_state
        when 'likely profit' then 'Likely profit'
        when 'likely loss' then 'Likely loss'
        else 'Uncertain'
    end as outcome,
    quartiles.p25_usd,
    quartiles.p50_usd,
    quartiles.p75_usd,
    quartiles.p25_multiple,
    quartiles.p50_multiple,
    quartiles.p75_multiple,
    quartiles.n_losses,
    target.revenue_real_usd as own_usd,
    nearest.movie_id
from nearest
cross join quartiles
cross join target
order by distance, nearest.movie_id
