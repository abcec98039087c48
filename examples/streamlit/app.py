"""Three charts over the marts, for people who would rather write Python.

FILMSTAR_WAREHOUSE_PATH names the published DuckDB file, which is only read:

    export FILMSTAR_WAREHOUSE_PATH=data/warehouse/current/filmstar.duckdb
    streamlit run app.py
"""

import os

import altair as alt
import duckdb
import streamlit as st

ATTRIBUTION = (
    "Film data from TMDB. This product uses the TMDB API but is not endorsed "
    "or certified by TMDB."
)

# Fewer films than this are not ranked: a median of nine films says little.
MIN_FILMS = 10

RETURNS = """
select
    genres.genre_name as genre,
    count(*) as films,
    percentile_cont(0.25) within group (order by movies.roi) as lower_quarter,
    median(movies.roi) as median_roi,
    percentile_cont(0.75) within group (order by movies.roi) as upper_quarter
from mart_movies as movies
inner join bridge_movies_genres as bridge on movies.movie_id = bridge.movie_id
inner join dim_genres as genres on bridge.genre_id = genres.genre_id
where movies.is_in_analysis_set and movies.release_year between $from and $to
group by genres.genre_name
having count(*) >= $min_films
order by median_roi desc
"""

CAREERS = """
select
    person_name as person,
    count(*) as films,
    sum(revenue_real_usd) as gross_usd
from mart_person_films
where
    person_role = 'actor'
    and is_counted
    and cast_order <= 4
    and revenue_real_usd is not null
    and release_year between $from and $to
group by person_id, person_name
having count(*) >= 5
order by gross_usd desc
limit 25
"""

BUDGETS = """
select
    release_year as year,
    count(*) as films,
    percentile_cont(0.1) within group (order by budget_real_usd) as p10,
    percentile_cont(0.25) within group (order by budget_real_usd) as p25,
    median(budget_real_usd) as p50,
    percentile_cont(0.75) within group (order by budget_real_usd) as p75,
    percentile_cont(0.9) within group (order by budget_real_usd) as p90
from mart_movies
where
    is_in_population
    and budget_state = 'known'
    and release_year between $from and $to
group by release_year
having count(*) >= $min_films
order by release_year
"""


@st.cache_resource
def warehouse():
    """The published build; a build that is published later needs a restart."""
    return duckdb.connect(os.environ["FILMSTAR_WAREHOUSE_PATH"], read_only=True)


def ask(sql, **values):
    """The rows of a query whose values are bound, never pasted in."""
    used = {name: value for name, value in values.items() if f"${name}" in sql}
    return warehouse().cursor().execute(sql, used).df()


def main():
    st.set_page_config(page_title="Filmstar in Streamlit", layout="wide")
    st.title("Filmstar in Streamlit")
    first, last = warehouse().cursor().execute(
        "select min(release_year), max(release_year) from mart_movies where is_in_population"
    ).fetchone()
    start, end = st.slider("Release years", first, last, (max(first, 1980), last))
    values = {"from": start, "to": end, "min_films": MIN_FILMS}

    returns = ask(RETURNS, **values)
    st.subheader("Typical return on budget by genre")
    st.caption("Median and middle half; films whose budget and revenue are known")
    base = alt.Chart(returns).encode(y=alt.Y("genre", sort=None, title=None))
    middle = alt.X("lower_quarter", title="Return on budget").axis(format="%")
    st.altair_chart(
        base.mark_bar(height=6, opacity=0.3).encode(x=middle, x2="upper_quarter")
        + base.mark_point(filled=True, size=80).encode(x="median_roi")
    )

    careers = ask(CAREERS, **values)
    st.subheader("Gross of films appeared in")
    st.caption("Real dollars, principal roles in at least five films; not anybody's earnings")
    st.altair_chart(
        alt.Chart(careers)
        .mark_bar()
        .encode(
            x=alt.X("gross_usd", title="US dollars").axis(format="~s"),
            y=alt.Y("person", sort=None, title=None),
        )
    )

    budgets = ask(BUDGETS, **values)
    st.subheader("Budgets by year")
    st.caption("Real dollars: median, middle half and 10th to 90th percentile of known budgets")
    base = alt.Chart(budgets).encode(x=alt.X("year", title=None).axis(format="d"))
    scale = alt.Scale(type="log")
    st.altair_chart(
        base.mark_area(opacity=0.15).encode(y=alt.Y("p10", scale=scale, title="US dollars"), y2="p90")
        + base.mark_area(opacity=0.25).encode(y=alt.Y("p25", scale=scale), y2="p75")
        + base.mark_line().encode(y=alt.Y("p50", scale=scale))
    )
    st.caption(ATTRIBUTION)


main()
