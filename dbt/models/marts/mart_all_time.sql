with

films as (

    select movie_id, title, release_year, revenue_usd, revenue_real_usd
    from {{ ref('mart_movies') }}
    where is_in_population and revenue_state = 'known'

),

-- Films of the same gross share the better rank.
ranked as (

    select
        *,
        rank() over (order by revenue_usd desc) as nominal_rank,
        rank() over (order by revenue_real_usd desc nulls last) as real_rank,
        count(*) over () as n_films

    from films

),

final as (

    select
        movie_id,
        title,
        release_year,
        revenue_usd,
        revenue_real_usd,
        cast(nominal_rank as integer) as nominal_rank,
        case
            when revenue_real_usd is not null then cast(real_rank as integer)
        end as real_rank,
        case
            when revenue_real_usd is not null
                then cast(nominal_rank - real_rank as integer)
        end as rank_change,
        release_year < {{ var('first_video_year') }} as is_from_before_video,
        n_films

    from ranked
    where
        nominal_rank <= {{ var('n_all_time_films') }}
        or real_rank <= {{ var('n_all_time_films') }}

)

select * from final
