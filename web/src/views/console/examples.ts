/** Statements that teach the tables' habits; they run on DuckDB and on PostgreSQL alike. */
export const EXAMPLES: { title: string; sql: string }[] = [
  {
    title: "How much money is known, by decade",
    sql: `-- Unknown is null, never zero, and a suspect amount is not known either:
-- count what is known before adding it up.
select
    release_year - release_year % 10 as decade,
    count(*) as n_movies,
    count(*) filter (where budget_state = 'known') as n_known_budget,
    count(*) filter (where revenue_state = 'known') as n_known_revenue,
    round(100.0 * count(*) filter (where revenue_state = 'known') / count(*), 1)
        as known_revenue_percent
from mart_movies
where is_in_population
group by release_year - release_year % 10
order by decade`,
  },
  {
    title: "Return by genre, with its sample and interval",
    sql: `-- A median of few films says little: \`too_few\` is not ranked, and the
-- interval says how far the rest can be trusted.
select
    genre_name,
    n_analysis,
    coverage,
    sample_size_guard,
    median_roi,
    median_roi_low,
    median_roi_high
from mart_genre
where attribution = 'full'
order by median_roi desc nulls last`,
  },
  {
    title: "All-time gross, in real and in nominal dollars",
    sql: `-- A dollar of 1939 was not a dollar of today.
select
    title,
    release_year,
    revenue_usd,
    revenue_real_usd,
    cpi_base_year
from mart_movies
where is_in_population and revenue_real_usd is not null
order by revenue_real_usd desc
limit 25`,
  },
  {
    title: "Amounts that are not believed, and why",
    sql: `-- A suspect amount is kept with its reason, and left out of sums.
select
    amount_kind,
    suspect_reason,
    n_suspect,
    n_amounts,
    suspect_share
from mart_quality_reasons
order by n_suspect desc`,
  },
  {
    title: "Genres that a budget buys least in",
    sql: `-- Each film counts for each of its genres, so medians may be compared
-- and sums may not be added.
select
    genres.genre_name,
    movies.budget_class,
    count(*) as n_movies,
    percentile_cont(0.5) within group (order by movies.roi) as median_roi
from mart_movies as movies
inner join bridge_movies_genres as bridge
    on movies.movie_id = bridge.movie_id
inner join dim_genres as genres
    on bridge.genre_id = genres.genre_id
where movies.is_in_analysis_set
group by genres.genre_name, movies.budget_class
having count(*) >= 10
order by median_roi`,
  },
  {
    title: "Careers by the gross of films appeared in",
    sql: `-- TMDB has no salaries: this is what the films took, not what anybody earned.
select
    person_name,
    n_principal_films,
    revenue_coverage,
    gross_real_usd,
    weighted_gross_real_usd
from mart_person_career
where person_role = 'actor' and n_main_known_revenue >= 5
order by gross_real_usd desc
limit 25`,
  },
];
