with

lists as (

    select list_id, run_id, fetched_at, languages
    from {{ ref('stg_tmdb__languages') }}
    where not is_tombstone

),

ranked_lists as (

    select
        list_id,
        languages,
        row_number() over (
            order by
                fetched_at desc,
                {{ by_code_point('run_id') }} desc,
                list_id asc
        ) as list_rank

    from lists

),

newest_list as (

    select list_id, languages
    from ranked_lists
    where list_rank = 1

),

entries as (

    {{ explode_structs('newest_list', ['list_id'], 'languages', {
        'iso_639_1': 'text',
        'english_name': 'text',
        'name': 'text'
    }) | indent(4) }}

),

-- A list that names a code twice keeps its first entry.
ranked_entries as (

    select
        *,
        row_number() over (
            partition by "iso_639_1" order by list_position asc
        ) as entry_rank

    from entries

),

final as (

    select
        "iso_639_1" as language_code,
        english_name as language_name,
        {{ null_if_blank('name') }} as native_name

    from ranked_entries
    where entry_rank = 1 and "iso_639_1" is not null

)

select * from final
