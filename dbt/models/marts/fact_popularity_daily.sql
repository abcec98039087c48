-- Whole days are replaced, so the day is the key: an item that a newer export
-- of a day lacks has to go. As a list of two columns, the adapter for DuckDB
-- would join each row of a day with each other one; as text it asks `in`.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='media_type, export_date',
    on_schema_change='fail'
) }}

with

-- A day is due when its export is not the one that the table has, be it a day
-- that came late. So what a build adds does not turn on when it was made.
exports as (

    select exports.media_type, exports.export_date, exports.run_id
    from {{ ref('int_exports_newest') }} as exports
    {% if is_incremental() -%}
    left join (
        select media_type, export_date, run_id, max(fetched_at) as fetched_at
        from {{ this }}
        group by media_type, export_date, run_id
    ) as stored
        on
            exports.media_type = stored.media_type
            and exports.export_date = stored.export_date
    where
        stored.run_id is null
        or (
            exports.run_id <> stored.run_id
            and exports.fetched_at >= stored.fetched_at
        )
    {%- endif %}

),

observations as (

    select
        'movie' as media_type, movie_id as media_id, export_date, popularity,
        is_adult, run_id, fetched_at
    from {{ ref('stg_tmdb__movie_exports') }}

    union all

    select
        'person' as media_type, person_id as media_id, export_date, popularity,
        is_adult, run_id, fetched_at
    from {{ ref('stg_tmdb__person_exports') }}

),

numbered as (

    select
        observations.*,
        row_number() over (
            partition by
                observations.media_type,
                observations.media_id,
                observations.export_date
            order by
                observations.fetched_at desc, observations.popularity desc
        ) as observation_rank

    from observations
    inner join exports
        on
            observations.media_type = exports.media_type
            and observations.export_date = exports.export_date
            and observations.run_id = exports.run_id
    where
        observations.popularity >= {{ var('min_daily_popularity') }}
        and not coalesce(observations.is_adult, false)

),

final as (

    select
        media_type,
        media_id,
        export_date,
        popularity,
        cast(
            rank() over (
                partition by media_type, export_date order by popularity desc
            ) as integer
        ) as popularity_rank,
        run_id,
        fetched_at

    from numbered
    where observation_rank = 1

)

select * from final
