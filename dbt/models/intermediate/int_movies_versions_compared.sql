-- A table, because the mart of changes reads it once an attribute.
{{ config(materialized='table') }}

{% set attributes = [
    'title', 'status', 'release_date', 'budget_usd', 'revenue_usd',
    'popularity_step', 'is_gone'
] %}

with

versions as (

    select
        movie_id,
        {%- for attribute in attributes %}
        {{ attribute }},
        {%- endfor %}
        dbt_valid_from,
        dbt_valid_to,
        recorded_as_of
    from {{ ref('snap_movies') }}

),

compared as (

    select
        movie_id,
        {%- for attribute in attributes %}
        {{ attribute }},
        lag({{ attribute }}) over (
            partition by movie_id
            order by dbt_valid_from asc, dbt_valid_to asc nulls last
        ) as old_{{ attribute }},
        {%- endfor %}
        dbt_valid_from as changed_at,
        recorded_as_of,
        min(recorded_as_of) over () as first_recorded_as_of

    from versions

),

-- The first version of a film that the first build knew is no news.
final as (

    select *
    from compared
    where old_is_gone is not null or recorded_as_of > first_recorded_as_of

)

select * from final
