with

lists as (

    select list_id, run_id, fetched_at, genres
    from {{ ref('stg_tmdb__genres') }}
    where not is_tombstone

),

ranked_lists as (

    select
        list_id,
        genres,
        row_number() over (
            order by
                fetched_at desc,
                {{ by_code_point('run_id') }} desc,
                list_id asc
        ) as list_rank

    from lists

),

newest_list as (

    select list_id, genres
    from ranked_lists
    where list_rank = 1

),

entries as (

    {{ explode_structs('newest_list', ['list_id'], 'genres', {
        'id': 'bigint', 'name': 'text'
    }) | indent(4) }}

),

-- A list that names a code twice keeps its first entry.
ranked_entries as (

    select
        *,
        row_number() over (
            partition by "id" order by list_position asc
        ) as entry_rank

    from entries

),

final as (

    select
        "id" as genre_id,
        name as genre_name

    from ranked_entries
    where entry_rank = 1 and "id" is not null

)

select * from final
