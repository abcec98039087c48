-- parameters: [by]
-- columns:
--   - { name: place, label: Language or country, format: text }
--   - { name: total_usd, label: Gross, format: usd }
--   - { name: total_share, label: Share of all gross, format: percent }
--   - { name: n_known, label: Films with known gross, format: count }
--   - { name: top_film_share, label: Of it by its highest film, format: percent }
with

parts as (

    select
        original_language as place_code,
        language_name as place,
        money_revenue_usd as gross
    from movies
    where
        $by = 'language'
        and money_revenue_usd is not null
        and original_language is not null

    union all

    select
        bridge.country_code as place_code,
        names.country_name as place,
        cast(movies.money_revenue_usd * bridge.country_weight as decimal(18, 2))
            as gross
    from movies
    inner join bridge_movies_origin_countries as bridge
        on movies.movie_id = bridge.movie_id
    inner join dim_countries as names
        on bridge.country_code = names.country_code
    where $by = 'country' and movies.money_revenue_usd is not null

),

places as (

    select
        place_code,
        min(place) as place,
        count(*) as n_known,
        sum(gross) as total,
        max(gross) as highest,
        sum(sum(gross)) over () as everything
    from parts
    group by place_code

)

select
    coalesce(place, place_code) as place,
    cast(total as double precision) as total_usd,
    cast(total as double precision) / cast(everything as double precision)
        as total_share,
    n_known,
    cast(highest as double precision) / cast(total as double precision)
        as top_film_share
from places
order by total desc, place_code
limit 20
