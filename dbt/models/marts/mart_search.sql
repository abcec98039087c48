with

names as (

    select entity_kind, entity_id, title, other_title, detail, weight
    from {{ ref('int_names_weighted') }}
    where title is not null

),

-- Each name stands between bars, so that a whole name and a name's beginning
-- can be told from a place within.
final as (

    select
        entity_kind,
        entity_id,
        title,
        '|' || {{ search_words('title') | indent(8) }} || '|'
        || coalesce(
            {{ search_words('other_title') | indent(12) }} || '|', ''
        ) as search_text,
        detail,
        weight
    from names

)

select * from final
