-- columns:
--   - { name: latest_year, label: Last full year, format: year }
--   - { name: cast_women_share, label: Women in the principal cast, format: percent, low: cast_low, high: cast_high }
--   - { name: cast_low, label: Low end (95 %), format: percent, hidden: true }
--   - { name: cast_high, label: High end (95 %), format: percent, hidden: true }
--   - { name: director_women_share, label: Women among directors, format: percent, low: director_low, high: director_high }
--   - { name: director_low, label: Low end (95 %), format: percent, hidden: true }
--   - { name: director_high, label: High end (95 %), format: percent, hidden: true }
--   - { name: writer_women_share, label: Women among writers, format: percent, low: writer_low, high: writer_high }
--   - { name: writer_low, label: Low end (95 %), format: percent, hidden: true }
--   - { name: writer_high, label: High end (95 %), format: percent, hidden: true }
--   - { name: cast_unknown_share, label: "Cast, gender unknown", format: percent }
--   - { name: director_unknown_share, label: "Directors, gender unknown", format: percent }
with

-- A year with a handful of films says nothing.
latest as (

    select max(release_year) as release_year
    from mart_gender_year
    where
        is_complete_year
        and credit_group = 'directors'
        and n_known_gender >= 30

)

select
    latest.release_year as latest_year,
    actors.women_share as cast_women_share,
    actors.women_share_low as cast_low,
    actors.women_share_high as cast_high,
    directors.women_share as director_women_share,
    directors.women_share_low as director_low,
    directors.women_share_high as director_high,
    writers.women_share as writer_women_share,
    writers.women_share_low as writer_low,
    writers.women_share_high as writer_high,
    actors.unknown_gender_share as cast_unknown_share,
    directors.unknown_gender_share as director_unknown_share
from latest
inner join mart_gender_year as actors
    on
        latest.release_year = actors.release_year
        and actors.credit_group = 'principal cast'
inner join mart_gender_year as directors
    on
        latest.release_year = directors.release_year
        and directors.credit_group = 'directors'
inner join mart_gender_year as writers
    on
        latest.release_year = writers.release_year
        and writers.credit_group = 'writers'
