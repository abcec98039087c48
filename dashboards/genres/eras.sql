-- parameters: [attribution]
-- columns:
--   - { name: genre, label: Genre, format: text }
--   - { name: era, label: Five years from, format: year }
--   - { name: n_movies, label: Films with known money, format: count }
--   - { name: median_roi, label: Median return, format: percent, low: low_roi, high: high_roi, n: n_movies }
--   - { name: low_roi, label: Interval from, format: percent, hidden: true }
--   - { name: high_roi, label: Interval to, format: percent, hidden: true }
--   - { name: years, label: Years, format: text, hidden: true }
--   - { name: genre_id, label: Genre id, format: text, hidden: true }
--   - { name: known, label: Money, format: text, hidden: true }
--   - { name: policy, label: Genre policy, format: text, hidden: true }
with

places as (

    select
        bridge.genre_id,
        movies.era_start_year as era,
        movies.roi,
        row_number() over (
            partition by bridge.genre_id, movies.era_start_year order by movies.roi
        ) as place,
        count(*) over (partition by bridge.genre_id, movies.era_start_year) as n,
        count(*) over (partition by bridge.genre_id) as n_genre
    from movies
    inner join bridge_movies_genres as bridge
        on movies.movie_id = bridge.movie_id
    where movies.is_analysed and ($attribution = 'full' or bridge.is_primary)

)

select
    min(genres.genre_name) as genre,
    places.era,
    count(*) as n_movies,
    percentile_cont(0.5) within group (order by places.roi) as median_roi,
    min(places.roi) filter (
        where places.place >= (places.n + 1) / 2.0 - 0.98 * sqrt(places.n)
    ) as low_roi,
    max(places.roi) filter (
        where places.place <= (places.n + 1) / 2.0 + 0.98 * sqrt(places.n)
    ) as high_roi,
    cast(places.era as varchar) || '-' || cast(places.era + 4 as varchar) as years,
    places.genre_id,
    'analysed' as known,
    case when $attribution = 'primary' then 'primary' else 'any' end as policy
from places
inner join dim_genres as genres
    on places.genre_id = genres.genre_id
where places.n_genre >= 30
group by places.genre_id, places.era
having count(*) >= 10
order by genre, places.era
