with

lists as (

    select list_id, run_id, fetched_at, countries
    from {{ ref('stg_tmdb__countries') }}
    where not is_tombstone

),

ranked_lists as (

    select
        list_id,
        countries,
        row_number() over (
            order by
                fetched_at desc,
                {{ by_code_point('run_id') }} desc,
                list_id asc
        ) as list_rank

    from lists

),

newest_list as (

    select list_id, countries
    from ranked_lists
    where list_rank = 1

),

entries as (

    {{ explode_structs('newest_list', ['list_id'], 'countries', {
        'iso_3166_1': 'text',
        'english_name': 'text',
        'native_name': 'text'
    }) | indent(4) }}

),

-- A list that names a code twice keeps its first entry.
ranked_entries as (

    select
        *,
        row_number() over (
            partition by "iso_3166_1" order by list_position asc
        ) as entry_rank

    from entries

),

final as (

    select
        "iso_3166_1" as country_code,
        english_name as country_name,
        native_name

    from ranked_entries
    where entry_rank = 1 and "iso_3166_1" is not null

)

select * from final
