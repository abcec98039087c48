{% set attributes = [
    'title', 'status', 'release_date', 'budget_usd', 'revenue_usd',
    'popularity_step'
] %}
{% set amounts = ['budget_usd', 'revenue_usd'] %}
{% set factor = 'cast(changes.new_amount_usd as double precision)
            / changes.old_amount_usd' %}

with

versions as (

    select *
    from {{ ref('int_movies_versions_compared') }}

),

movies as (

    select movie_id, is_in_population
    from {{ ref('mart_movies') }}

),

as_of as (

    select as_of_date
    from {{ ref('int_observations_dated') }}

),

changes as (

    {% for attribute in attributes -%}
    select
        movie_id,
        coalesce(title, old_title) as title,
        '{{ attribute }}' as attribute,
        {{ change_kind('old_' ~ attribute, attribute) | indent(8) }}
            as change_kind,
        cast(old_{{ attribute }} as text) as old_value,
        cast({{ attribute }} as text) as new_value,
        {{ 'old_' ~ attribute if attribute in amounts else 'cast(null as bigint)' }}
            as old_amount_usd,
        {{ attribute if attribute in amounts else 'cast(null as bigint)' }}
            as new_amount_usd,
        changed_at
    from versions
    where
        not old_is_gone
        and not is_gone
        and old_{{ attribute }} is distinct from {{ attribute }}

    union all

    {% endfor -%}
    select
        movie_id,
        coalesce(title, old_title) as title,
        'movie' as attribute,
        {{ existence_change_kind('old_is_gone', 'is_gone') | indent(8) }}
            as change_kind,
        old_title as old_value,
        title as new_value,
        cast(null as bigint) as old_amount_usd,
        cast(null as bigint) as new_amount_usd,
        changed_at
    from versions
    where coalesce(old_is_gone, true) <> is_gone

),

final as (

    select
        changes.movie_id,
        changes.title,
        changes.attribute,
        changes.change_kind,
        changes.old_value,
        changes.new_value,
        changes.old_amount_usd,
        changes.new_amount_usd,
        {{ factor }} as change_factor,
        {{ is_tenfold(factor) | indent(8) }} as is_tenfold,
        coalesce(movies.is_in_population, false) as is_in_population,
        cast(as_of.as_of_date - cast(changes.changed_at as date) as integer)
            as days_ago,
        changes.changed_at

    from changes
    left join movies
        on changes.movie_id = movies.movie_id
    cross join as_of

)

select * from final
