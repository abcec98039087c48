-- Each day in the fact stands on one fetch of its export. A day of the newest
-- exports that is not there can only be one of items that were left out.
with

stored as (

    select
        media_type,
        export_date,
        min(run_id) as first_run_id,
        max(run_id) as last_run_id
    from {{ ref('fact_popularity_daily') }}
    group by media_type, export_date

)

select stored.media_type, stored.export_date
from stored
left join {{ ref('int_exports_newest') }} as exports
    on
        stored.media_type = exports.media_type
        and stored.export_date = exports.export_date
where
    stored.first_run_id <> stored.last_run_id
    or stored.last_run_id <> exports.run_id
