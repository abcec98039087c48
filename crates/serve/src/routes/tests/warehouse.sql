-- 60 films: ids 1-60, years 2000-2005; the even ones know their money, every third is French.
create table mart_movies as
select
    cast(i as bigint) as movie_id,
    case when i = 2 then 'He said "cut", twice' || chr(10) || 'and left' else 'Film ' || i end as title,
    2000 + i % 6 as release_year,
    case when i <= 50 then 18 else 27 end as primary_genre_id,
    case when i % 3 = 0 then 'fr' else 'en' end as original_language,
    case when i % 3 = 0 then 'French' else 'English' end as language_name,
    case when i % 2 = 0 then 1000000 * i end as budget_usd,
    case when i % 2 = 0 then 3000000 * i end as revenue_usd,
    case when i % 2 = 0 then 2000000 * i end as budget_real_usd,
    case when i % 2 = 0 then 6000000 * i end as revenue_real_usd,
    case when i % 2 = 0 then 2000000 * i end as gross_margin_usd,
    case when i % 2 = 0 then 'known' else 'unknown' end as budget_state,
    case when i % 2 = 0 then 'known' else 'unknown' end as revenue_state,
    case when i % 2 = 0 then 2.0 end as roi,
    case when i % 2 = 0 then 3.0 end as multiple,
    case when i % 2 = 0 then 'likely profit' end as break_even_state,
    case when i % 2 = 0 then case when i < 10 then 'low' else 'mid' end end as budget_class,
    case when i = 4 then 'streaming only' else 'theatrical' end as release_type_state,
    2025 as cpi_base_year,
    cast(100000 as bigint) as analysis_budget_floor_usd,
    6.5 as rating_score,
    cast(100 + i as bigint) as vote_count,
    i <> 60 as is_in_population,
    i % 2 = 0 and i not in (4, 60) as is_in_analysis_set,
    timestamp '2006-02-03 08:30:00' as fetched_at
from generate_series(1, 60) as numbers (i);

create table dim_genres as
select * from (values (18, 'Drama'), (27, 'Horror')) as genres (genre_id, genre_name);

create table bridge_movies_genres as
select movie_id, case when movie_id <= 50 then 18 else 27 end as genre_id
from mart_movies;

create table mart_person_films as
select
    movie_id,
    cast(movie_id % 3 as bigint) as person_id,
    'Person ' || movie_id % 3 as person_name,
    role.person_role,
    0 as cast_order,
    0.5 as billing_weight,
    false as is_voice,
    revenue_real_usd
from mart_movies
cross join (values ('actor'), ('director')) as role (person_role);

create table bridge_movies_origin_countries as
select movie_id, case when movie_id % 3 = 0 then 'FR' else 'US' end as country_code
from mart_movies;

create table dim_countries as
select * from (
    values ('FR', 'France'), ('US', 'United States of America'), ('XX', 'Nowhere')
) as countries (country_code, country_name);

create table budget_classes as
select * from (
    values ('low', 2, '$1-10 M'), ('mid', 3, '$10-50 M'), ('tent-pole', 5, '$100 M and over')
) as classes (budget_class, class_order, class_label);
