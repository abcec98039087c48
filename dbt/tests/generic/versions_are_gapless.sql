{# Fails for keys of a snapshot without exactly one version that holds, and for
   versions that do not end where the next one begins. #}
{% test versions_are_gapless(model, key) %}

with

versions as (

    select
        {{ key }},
        dbt_valid_from,
        dbt_valid_to,
        lead(dbt_valid_from) over (
            partition by {{ key }}
            order by dbt_valid_from asc, dbt_valid_to asc nulls last
        ) as next_valid_from
    from {{ model }}

)

-- The last version of a key has no next one, and must hold; no other may.
select {{ key }}, dbt_valid_from, dbt_valid_to, next_valid_from
from versions
where
    dbt_valid_to is distinct from next_valid_from
    or dbt_valid_to < dbt_valid_from

{% endtest %}
