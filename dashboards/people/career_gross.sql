-- parameters: [role, rank_by, min_films]
-- columns:
--   - { name: person_name, label: Person, format: text, link: person, key: person_id }
--   - { name: n_movies, label: Films with known gross, format: count }
--   - { name: coverage, label: Of their films, format: percent }
--   - { name: gross_usd, label: Gross in full, format: usd }
--   - { name: weighted_gross_usd, label: Shared by billing, format: usd }
--   - { name: median_gross_usd, label: Median film, format: usd }
--   - { name: first_year, label: From, format: year }
--   - { name: last_year, label: To, format: year }
--   - { name: person_id, label: Person id, format: text, hidden: true }
with

-- Few films have a known gross: the leaders are found among those alone, and the
-- parts in films without one, which lie behind the others, are not even read.
parts as (

    select
        people.person_id,
        movies.money_revenue_usd as gross_usd,
        coalesce(people.billing_weight, 1) as billing_weight,
        people.person_role = 'director' or people.cast_order <= 4 as is_main
    from movies
    inner join mart_person_films as people
        on movies.movie_id = people.movie_id
    where
        movies.money_revenue_usd is not null
        and people.revenue_usd is not null
        and people.person_role = $role
        and people.is_counted

),

-- Decimals add up alike in any order; doubles would differ in the last digit.
totals as (

    select
        person_id,
        count(*) filter (where is_main) as n_movies,
        cast(sum(gross_usd) filter (where is_main) as bigint) as gross_usd,
        cast(
            sum(cast(gross_usd * billing_weight as decimal(18, 2)))
            as double precision
        ) as weighted_gross_usd
    from parts
    group by person_id
    having count(*) filter (where is_main) >= $min_films

),

leaders as (

    select *
    from totals
    order by
        case when $rank_by = 'billing' then weighted_gross_usd else gross_usd end
            desc,
        person_id
    limit 25

),

filmographies as (

    select
        leaders.person_id,
        min(people.person_name) as person_name,
        count(*) as n_appearances,
        percentile_cont(0.5) within group (order by movies.money_revenue_usd)
            as median_gross_usd,
        min(movies.release_year) as first_year,
        max(movies.release_year) as last_year
    from leaders
    inner join mart_person_films as people
        on leaders.person_id = people.person_id
    inner join movies
        on people.movie_id = movies.movie_id
    where
        people.person_role = $role
        and people.is_counted
        and coalesce(people.cast_order, 0) <= 4
    group by leaders.person_id

)

select
    filmographies.person_name,
    leaders.n_movies,
    cast(leaders.n_movies as double precision) / filmographies.n_appearances
        as coverage,
    leaders.gross_usd,
    leaders.weighted_gross_usd,
    filmographies.median_gross_usd,
    filmographies.first_year,
    filmographies.last_year,
    leaders.person_id
from leaders
inner join filmographies
    on leaders.person_id = filmographies.person_id
order by
    case
        when $rank_by = 'billing' then leaders.weighted_gross_usd
        else leaders.gross_usd
    end desc,
    leaders.person_id
