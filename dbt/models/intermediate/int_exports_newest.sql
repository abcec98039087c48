-- A table, because three models ask which export of a day counts. It reads
-- columns that hardly vary within a file, and no other.
{{ config(materialized='table') }}

with

runs as (

    select
        'movie' as media_type, export_date, run_id, max(fetched_at) as fetched_at
    from {{ ref('stg_tmdb__movie_exports') }}
    group by export_date, run_id

    union all

    select
        'person' as media_type, export_date, run_id, max(fetched_at) as fetched_at
    from {{ ref('stg_tmdb__person_exports') }}
    group by export_date, run_id

),

-- A day's export wins whole: one that was fetched earlier fills no gaps.
ranked as (

    select
        *,
        row_number() over (
            partition by media_type, export_date
            order by fetched_at desc, {{ by_code_point('run_id') }} desc
        ) as export_rank

    from runs

),

final as (

    select media_type, export_date, run_id, fetched_at
    from ranked
    where export_rank = 1

)

select * from final
