"""Runs the app without a browser, in Streamlit's own test harness.

FILMSTAR_WAREHOUSE_PATH names the published DuckDB file; fails with what the app says otherwise.
"""

import pathlib

from streamlit.testing.v1 import AppTest

HEADINGS = [
    "Typical return on budget by genre",
    "Gross of films appeared in",
    "Budgets by year",
]


def charts(app):
    return [element for element in app.main if "vega" in element.type]


app = AppTest.from_file(str(pathlib.Path(__file__).with_name("app.py")), default_timeout=60)
app.run()
assert not app.exception, app.exception
assert [heading.value for heading in app.subheader] == HEADINGS
n_charts = len(charts(app))
assert n_charts == len(HEADINGS), [element.type for element in app.main]

# Other years are another page without a mistake.
app.slider[0].set_range(1990, 2009).run()
assert not app.exception, app.exception
assert app.slider[0].value == (1990, 2009)
assert len(charts(app)) == n_charts
print("the app runs, with", n_charts, "charts")
