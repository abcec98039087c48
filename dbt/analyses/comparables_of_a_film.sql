{#
    The films most like one film, and what came of them:

        dbt show --select comparables_of_a_film --vars '{movie_id: 862}' --limit 15

    or `compile` in place of `show`, and the SQL under `target/compiled` by any
    client.
#}
with

target as (

    select *
    from {{ ref('mart_comps') }}
    where movie_id = {{ var('movie_id') }}

),

-- The as-of date stands in for the date of a film that has none yet.
horizons as (

    select coalesce(target.release_date, as_of.as_of_date) as before_date
    from target
    cross join {{ ref('int_observations_dated') }} as as_of

),

candidates as (

    select features.*
    from {{ ref('mart_comps') }} as features
    cross join horizons
    where
        features.is_comparable
        and features.release_date < horizons.before_date
        and features.release_date >= horizons.before_date
        - interval '{{ var("comparables_years") }} years'
        and features.movie_id <> {{ var('movie_id') }}

),

ranges as (

    select
        max(log_budget_real) - min(log_budget_real) as log_budget_range,
        max(runtime_minutes) - min(runtime_minutes) as runtime_range
    from (select * from candidates union all select * from target) as films

),

-- Found from the film's own few genres and keywords.
shared as (

    select movie_id, max(n_genres) as n_genres, max(n_keywords) as n_keywords
    from (
        select others.movie_id, count(*) as n_genres, null as n_keywords
        from {{ ref('bridge_movies_genres') }} as own
        inner join {{ ref('bridge_movies_genres') }} as others
            on own.genre_id = others.genre_id
        where own.movie_id = {{ var('movie_id') }}
        group by others.movie_id

        union all

        select others.movie_id, null as n_genres, count(*) as n_keywords
        from {{ ref('bridge_movies_keywords') }} as own
        inner join {{ ref('bridge_movies_keywords') }} as others
            on own.keyword_id = others.keyword_id
        where own.movie_id = {{ var('movie_id') }}
        group by others.movie_id
    ) as counted
    group by movie_id

),

parted as (

    select
        candidates.*,
        {{ comparable_distances('candidates', 'target', 'ranges', 'shared')
            | indent(8) }}

    from candidates
    cross join target
    cross join ranges
    left join shared
        on candidates.movie_id = shared.movie_id

),

measured as (

    select
        *,
        {{ gower_distance() | indent(8) }} as distance,
        {{ gower_known_weight() | indent(8) }} as known_weight
    from parted

),

weighed as (

    select *, max(known_weight) over () as most_known_weight
    from measured

),

-- A film of which little is known agrees with any film by accident.
nearest as (

    select *
    from weighed
    where
        known_weight
        >= {{ var('min_comparables_known_share') }} * most_known_weight
    order by distance asc nulls last, movie_id asc
    limit {{ var('n_comparables') }}

),

quartiles as (

    select
        count(*) as n_comparables,
        {% for value in ['multiple', 'revenue_real_usd'] -%}
        {% for percent in [25, 50, 75] -%}
        {{ quantile(value, percent / 100) }} as p{{ percent }}_{{ value }},
        {% endfor -%}
        {% endfor -%}
        sum(case when break_even_state = 'likely loss' then 1 else 0 end)
            as n_likely_losses
    from nearest

),

final as (

    select
        nearest.movie_id,
        nearest.title,
        nearest.release_date,
        nearest.distance,
        nearest.known_weight,
        nearest.budget_real_usd,
        nearest.revenue_real_usd,
        nearest.multiple,
        nearest.break_even_state,
        quartiles.*

    from nearest
    cross join quartiles

)

select * from final
order by distance asc nulls last, movie_id asc
