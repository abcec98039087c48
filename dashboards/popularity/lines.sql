-- parameters: [age, direction]
-- columns:
--   - { name: film, label: Film, format: text, link: movie, key: movie_id }
--   - { name: export_date, label: Day, format: date }
--   - { name: popularity, label: Score, format: number }
--   - { name: popularity_rank, label: Rank, format: count }
--   - { name: relative, label: Score ÷ the film's highest, format: percent }
--   - { name: factor, label: Now ÷ seven days ago, format: multiple }
--   - { name: is_newest, label: Newest day, format: flag, hidden: true }
--   - { name: movie_id, label: Film id, format: text, hidden: true }
with

movers as (

    select
        media_id,
        coalesce(item_name, 'Film ' || cast(media_id as text)) as film,
        export_date,
        exp(ln_popularity_change) as factor,
        row_number() over (
            order by
                case when $direction = 'rising' then -1 else 1 end
                * ln_popularity_change,
                media_id
        ) as place
    from mart_popularity_movers
    where
        media_type = 'movie'
        and coalesce(is_in_population, true)
        and ln_popularity_change is not null
        and case
            when $age = 'old' then days_since_release > 365
            when $age = 'new' then days_since_release between -90 and 365
            else true
        end

),

days as (

    select
        movers.place,
        movers.film,
        daily.export_date,
        daily.popularity,
        daily.popularity_rank,
        movers.factor,
        daily.export_date = movers.export_date as is_newest,
        movers.media_id
    from movers
    inner join fact_popularity_daily as daily
        on movers.media_id = daily.media_id
    where
        movers.place <= 25
        and daily.media_type = 'movie'
        and daily.export_date >= movers.export_date - 30

)

select
    film,
    export_date,
    popularity,
    popularity_rank,
    popularity / max(popularity) over (partition by media_id) as relative,
    factor,
    is_newest,
    media_id as movie_id
from days
order by place, export_date
