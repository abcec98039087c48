-- Distances of five films from the first are those of the package gower (in
-- single precision), with sets by Python: a film that differs in a little, one
-- in all, two that know less, and a twin.
-- Expected values: reference/comparables.py.
with

films as (

    select *
    from (values
        (1, 18.0, 3, 3, 'en', 'US', 'Summer', 120, false),
        (2, 16.5, 2, 2, 'en', 'GB', 'Summer', 95, false),
        (3, 19.5, 2, 1, 'fr', 'FR', 'Holiday', 150, true),
        (4, null, 1, null, 'en', null, 'Winter', 100, false),
        (5, 18.0, 3, 3, 'en', 'US', 'Summer', 120, false),
        (6, 14.0, null, 1, 'de', 'DE', null, null, false)
    ) as listed (
        movie_id, log_budget_real, n_genres, n_keywords, original_language,
        origin_country_code, release_window, runtime_minutes, is_franchise
    )

),

shared as (

    select *
    from (values (2, 2, 1), (4, 1, null), (5, 3, 3), (6, null, 1))
        as listed (movie_id, n_genres, n_keywords)

),

ranges as (

    select
        max(log_budget_real) - min(log_budget_real) as log_budget_range,
        max(runtime_minutes) - min(runtime_minutes) as runtime_range
    from films

),

target as (

    select * from films where movie_id = 1

),

parted as (

    select
        films.movie_id,
        {{ comparable_distances('films', 'target', 'ranges', 'shared')
            | indent(8) }}

    from films
    cross join target
    cross join ranges
    left join shared
        on films.movie_id = shared.movie_id
    where films.movie_id > 1

),

computed as (

    select
        movie_id,
        {{ gower_distance() | indent(8) }} as distance,
        {{ gower_known_weight() | indent(8) }} as known_weight
    from parted

),

expected as (

    select *
    from (values
        (2, 0.36401515205701196, 100), (3, 0.7227272868156434, 100),
        (4, 0.5218855230896562, 45), (5, 0.0, 100), (6, 0.6993007293114295, 65)
    ) as listed (movie_id, distance, known_weight)

)

select
    expected.movie_id,
    expected.distance as expected_distance,
    computed.distance,
    computed.known_weight
from expected
left join computed
    on expected.movie_id = computed.movie_id
where
    computed.distance is null
    or abs(computed.distance - expected.distance) > 1e-6
    or computed.known_weight <> expected.known_weight
