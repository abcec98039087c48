-- parameters: [period]
-- columns:
--   - { name: person_name, label: Director, format: text, link: person, key: person_id }
--   - { name: n_films, label: Films directed, format: count }
--   - { name: revenue_effect, label: Against films like theirs, format: percent, low: revenue_effect_low, high: revenue_effect_high }
--   - { name: revenue_effect_low, label: Low end (80 %), format: percent, hidden: true }
--   - { name: revenue_effect_high, label: High end (80 %), format: percent, hidden: true }
--   - { name: mean_rating_score, label: Mean rating score, format: rating }
--   - { name: typical_rating_score, label: Median of all these directors, format: rating, hidden: true }
--   - { name: effect_rank, label: Rank by gross, format: count }
--   - { name: rating_rank, label: Rank by rating, format: count }
--   - { name: cell_rank, label: Place in the cell, format: count, hidden: true }
--   - { name: person_id, label: Person id, format: text, hidden: true }
with

directors as (

    select *
    from mart_person_bankability
    where
        person_role = 'director'
        and period = $period
        and n_films >= 3
        and revenue_effect is not null
        and mean_rating_score is not null

),

typical as (

    select
        percentile_cont(0.5) within group (order by mean_rating_score)
            as typical_rating_score,
        min(mean_rating_score) as rating_low,
        nullif(max(mean_rating_score) - min(mean_rating_score), 0)
            as rating_range,
        min(revenue_effect) as effect_low,
        nullif(max(revenue_effect) - min(revenue_effect), 0) as effect_range
    from directors

),

ranked as (

    select
        directors.*,
        typical.typical_rating_score,
        row_number() over (
            order by directors.revenue_effect desc, directors.person_id
        ) as effect_rank,
        row_number() over (
            order by directors.mean_rating_score desc, directors.person_id
        ) as rating_rank,
        -- One name a patch of the drawing, so that names do not meet.
        row_number() over (
            partition by
                floor(
                    4 * (directors.mean_rating_score - typical.rating_low)
                    / typical.rating_range
                ),
                floor(
                    8 * (directors.revenue_effect - typical.effect_low)
                    / typical.effect_range
                )
            order by directors.revenue_effect desc, directors.person_id
        ) as cell_rank
    from directors
    cross join typical

)

select
    person_name,
    n_films,
    revenue_effect,
    revenue_effect_low,
    revenue_effect_high,
    mean_rating_score,
    typical_rating_score,
    effect_rank,
    rating_rank,
    cell_rank,
    person_id
from ranked
order by n_films desc, person_id
limit 300
