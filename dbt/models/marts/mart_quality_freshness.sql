{% set limits = [30, 90, 170] %}

with

as_of as (

    select as_of_date
    from {{ ref('int_observations_dated') }}

),

observations as (

    select 'movies' as item_kind, fetched_at
    from {{ ref('int_movies_newest') }}

    union all

    select 'people' as item_kind, fetched_at
    from {{ ref('int_people_newest') }}

),

-- What was observed after the as-of date is as fresh as can be.
aged as (

    select
        observations.item_kind,
        observations.fetched_at,
        cast(
            greatest(
                as_of.as_of_date - cast(observations.fetched_at as date), 0
            ) as integer
        ) as age_days
    from observations
    cross join as_of

),

final as (

    select
        item_kind,
        count(*) as n_items,
        {{ quantile('age_days', 0.5) }} as median_age_days,
        {{ quantile('age_days', 0.95) }} as p95_age_days,
        max(age_days) as max_age_days,
        {%- for limit in limits %}
        count(case when age_days > {{ limit }} then 1 end)
            as n_over_{{ limit }}_days,
        {%- endfor %}
        min(fetched_at) as oldest_fetched_at,
        max(fetched_at) as newest_fetched_at

    from aged
    group by item_kind

)

select * from final
