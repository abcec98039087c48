"""Works out metrics again, from TMDB's bodies and the seeds alone, and compares them with the marts.

    recompute.py MOVIES.jsonl.gz SEEDS WAREHOUSE.duckdb

Nothing of the project's SQL is used here: the definitions are written a second time, with pandas and scipy. A line a
metric: how many values were compared, and the largest relative difference. Exits with 1 when one is above 1e-9.
"""

import gzip
import json
import math
import sys
from collections import defaultdict
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
from scipy import stats

TOLERANCE = 1e-9


def films(path):
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        bodies = [json.loads(line) for line in lines]
    rows = []
    for body in bodies:
        amount = {name: body[name] if (body.get(name) or 0) > 0 else None for name in ("budget", "revenue")}
        genres = list(dict.fromkeys(genre["id"] for genre in body["genres"]))
        rows.append(
            {
                "movie_id": body["id"],
                "title": body["title"],
                "language": body["original_language"] or None,
                "status": body["status"],
                "date": pd.Timestamp(body["release_date"]) if body["release_date"] else pd.NaT,
                "runtime": body["runtime"] if (body["runtime"] or 0) > 0 else None,
                "votes": body["vote_count"],
                "vote_average": body["vote_average"] if body["vote_count"] > 0 else None,
                "genres": genres,
                "companies": list(dict.fromkeys(company["id"] for company in body["production_companies"])),
                "cast": body["credits"]["cast"],
                "crew": body["credits"]["crew"],
                **amount,
            }
        )
    return pd.DataFrame(rows)


def suspect_budget(film, factor):
    budget, revenue = film.budget, film.revenue
    return (
        budget < 1_000
        or budget > 500_000_000
        or budget * factor > 1_000_000_000
        or budget == revenue
        or (revenue >= 1_000 and revenue > 1_000 * budget)
    )


def suspect_revenue(film):
    budget, revenue = film.budget, film.revenue
    return (
        revenue < 1_000
        or revenue > 3_500_000_000
        or film.status != "Released"
        or (revenue >= 100_000_000 and revenue > 20_000_000 * film.votes)
        or revenue == budget
        or (budget >= 1_000 and 1_000 * revenue < budget)
    )


def priced(data, seeds, as_of):
    """Known amounts, nominal and in dollars of the last full year."""
    prices = pd.read_csv(seeds / "us_cpi_u.csv").set_index("price_year")["cpi_u"]
    base = min(as_of.year - 1, prices.index.max())
    data["year"] = data["date"].dt.year
    level = data["year"].clip(upper=prices.index.max()).map(prices)
    data["factor"] = prices[base] / level
    # A comparison with NaN is false, as one with an unknown amount has to be.
    numbers = data.assign(budget=data["budget"].astype(float), revenue=data["revenue"].astype(float))
    known_budget = [
        not math.isnan(film.budget) and not suspect_budget(film, film.factor) for film in numbers.itertuples()
    ]
    known_revenue = [not math.isnan(film.revenue) and not suspect_revenue(film) for film in numbers.itertuples()]
    data["budget"] = numbers["budget"].where(known_budget)
    data["revenue"] = numbers["revenue"].where(known_revenue)
    for name in ("budget", "revenue"):
        data[f"{name}_real"] = dollars(data[name] * data["factor"])
    return data


def dollars(amounts):
    """Whole ones, halves up."""
    return np.floor(amounts + 0.5)


def in_range(values, ranges, column):
    bounds = pd.read_csv(ranges).sort_values("min_budget_usd")
    places = np.searchsorted(bounds["min_budget_usd"].to_numpy(), values.to_numpy(), side="right") - 1
    found = bounds[column].to_numpy()[np.clip(places, 0, None)]
    return pd.Series(found, index=values.index).where(values.notna() & (places >= 0))


def prepare(movies, seeds, as_of):
    data = priced(films(movies), seeds, as_of)
    data["in_population"] = (data["status"] == "Released") & (data["runtime"] >= 40) & (data["date"] <= as_of)
    data["in_analysis"] = (
        data["in_population"] & data["budget"].notna() & data["revenue"].notna() & (data["budget"] >= 100_000)
    )
    data["multiple"] = data["revenue"] / data["budget"]
    data["roi"] = data["multiple"] - 1
    data["budget_class"] = in_range(data["budget_real"], seeds / "budget_classes.csv", "budget_class")
    for bound in ("low", "mid", "high"):
        data[bound] = in_range(data["budget_real"], seeds / "break_even_bands.csv", f"{bound}_multiple")
    data["banded"] = data["in_analysis"] & data["low"].notna()
    data["profit"] = data["banded"] & (data["multiple"] >= data["high"])
    data["loss"] = data["banded"] & (data["multiple"] < data["low"])
    return rated(data)


def rated(data):
    voted = data[data["in_population"] & (data["votes"] >= 50)]
    prior = np.average(voted["vote_average"], weights=voted["votes"])
    weight = max(500, np.quantile(voted["votes"], 0.8))
    votes = data["votes"]
    data["score"] = (votes * data["vote_average"] + weight * prior) / (votes + weight)
    return data


def of_genres(data):
    exploded = data.explode("genres").rename(columns={"genres": "genre"})
    exploded["weight"] = 1 / data["genres"].str.len().clip(lower=1).reindex(exploded.index)
    return exploded


def wilson(successes, n):
    interval = stats.binomtest(int(successes), int(n)).proportion_ci(0.95, method="wilson")
    return interval.low, interval.high


class Check:
    def __init__(self, warehouse):
        self.warehouse = warehouse
        self.is_fine = True

    def compare(self, metric, expected, sql, reason=None):
        """`expected`: key → value or tuple of values; the query gives the key's columns, then the values'."""
        found = {}
        rows = self.warehouse.sql(sql).fetchall()
        n_values = len(next(iter(expected.values()))) if isinstance(next(iter(expected.values())), tuple) else 1
        for row in rows:
            key, values = row[:-n_values], row[-n_values:]
            found[key[0] if len(key) == 1 else key] = values
        wanted = {key: value if isinstance(value, tuple) else (value,) for key, value in expected.items()}
        problems = [f"{key} is missing" for key in wanted.keys() - found.keys()]
        problems += [f"{key} is too many: {found[key]}" for key in found.keys() - wanted.keys()]
        largest, n_compared = 0.0, 0
        for key in wanted.keys() & found.keys():
            for ours, theirs in zip(found[key], wanted[key], strict=True):
                n_compared += 1
                ours, theirs = number(ours), number(theirs)
                if ours is None or theirs is None:
                    difference = 0 if ours is None and theirs is None else math.inf
                else:
                    difference = abs(ours - theirs) / max(1, abs(theirs))
                largest = max(largest, difference)
                if difference > TOLERANCE:
                    problems.append(f"{key}: the mart has {ours}, here it is {theirs}")
        if n_compared < 3:
            problems.append(f"only {n_compared} values")
        verdict = "ok" if not problems else "DIFFERENT"
        print(f"{verdict:9} {metric}: {n_compared} values, largest difference {largest:.1e}" + (f" ({reason})" if reason else ""))
        for problem in sorted(problems, key=str)[:5]:
            print(f"          {problem}")
        self.is_fine &= not problems


def number(value):
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    return float(value)


def median(values):
    return float(np.median(values)) if len(values) else None


def by_genre(check, data, exploded):
    chosen = exploded[exploded["in_analysis"] & exploded["genre"].notna()]
    groups = dict(list(chosen.groupby("genre")))
    where = "from mart_genre where attribution = 'full' and genre_id is not null and n_analysis > 0"

    check.compare(
        "Q1 median and portfolio return by genre",
        {
            genre: (
                len(rows),
                median(rows["roi"]),
                (rows["revenue"].sum() - rows["budget"].sum()) / rows["budget"].sum(),
            )
            for genre, rows in groups.items()
        },
        f"select genre_id, n_analysis, median_roi, portfolio_roi {where}",
    )
    check.compare(
        "Q1 share of likely profits by genre, with Wilson's interval",
        {
            genre: (rows["profit"].sum() / rows["banded"].sum(), *wilson(rows["profit"].sum(), rows["banded"].sum()))
            for genre, rows in groups.items()
        },
        f"select genre_id, likely_profit_share, likely_profit_share_low, likely_profit_share_high {where}",
    )
    check.compare(
        "Q2 how far apart a genre's films end",
        {
            genre: (
                stats.iqr(np.log(rows["multiple"])),
                rows["loss"].sum() / rows["banded"].sum(),
                (rows["multiple"] >= 5).mean(),
            )
            for genre, rows in groups.items()
        },
        f"select genre_id, ln_multiple_iqr, likely_loss_share, high_multiple_share {where}",
    )
    check.compare(
        "Q7 rank correlation of budget and return by genre",
        {
            genre: stats.spearmanr(rows["budget_real"], rows["roi"]).statistic if len(rows) > 1 else None
            for genre, rows in ((genre, rows[rows["budget_real"].notna()]) for genre, rows in groups.items())
        },
        f"select genre_id, budget_roi_rho {where}",
    )
    check.compare(
        "Q8 mean rating score by genre",
        {
            genre: rows.loc[rows["votes"] >= 50, "score"].mean() if (rows["votes"] >= 50).any() else None
            for genre, rows in groups.items()
        },
        f"select genre_id, mean_rating_score {where}",
    )
    eras = chosen.assign(era=chosen["year"] // 5 * 5).groupby(["genre", "era"])["roi"]
    check.compare(
        "Q3 median return by genre and five years",
        {key: median(values) for key, values in eras if len(values) >= 10},
        "select genre_id, era_start_year, median_roi from mart_genre_era where median_roi is not null",
    )
    classes = chosen[chosen["budget_class"].notna()].groupby(["genre", "budget_class"])["roi"]
    check.compare(
        "Q7 median return by genre and budget class",
        {key: (len(values), median(values)) for key, values in classes},
        "select genre_id, budget_class, n_analysis, median_roi from mart_genre_budget where n_analysis > 0",
    )
    pairs = defaultdict(list)
    for film in data[data["in_analysis"]].itertuples():
        genres = sorted(film.genres)
        for place, first in enumerate(genres):
            for second in genres[place + 1 :]:
                pairs[first, second].append(film.roi)
    alone = {genre: median(rows["roi"]) for genre, rows in groups.items()}
    check.compare(
        "Q6 median return of genre pairs, and their lift",
        {
            pair: (len(values), median(values), (median(values) + 1) / (alone[pair[0]] + 1))
            for pair, values in pairs.items()
        },
        "select genre_id, other_genre_id, n_analysis, median_roi, lift_over_genre from mart_genre_pairs",
    )
    people = exploded[exploded["in_population"] & exploded["genre"].notna()]
    counts = data[data["in_population"]].groupby("year").size()
    gross = data[data["in_population"]].groupby("year")["revenue_real"].sum()
    expected = {}
    for (genre, year), rows in people.groupby(["genre", "year"]):
        has_gross = rows["revenue_real"].notna().any()
        share = (rows["revenue_real"] * rows["weight"]).sum() / gross[year] if has_gross else None
        expected[genre, year] = (rows["weight"].sum() / counts[year], share)
    check.compare(
        "Q4 and Q5 share of a year's films and gross by genre",
        expected,
        "select genre_id, release_year, film_share, revenue_real_share from mart_genre_year where genre_id is not null",
    )


def by_year(check, data):
    population = data[data["in_population"]]
    expected, spread = {}, {}
    for year, rows in population.groupby("year"):
        gross = np.sort(rows["revenue"].dropna().to_numpy())[::-1]
        n = len(gross)
        if n:
            ranks = np.arange(1, n + 1)
            gini = (2 * (ranks * gross[::-1]).sum() / (n * gross.sum())) - (n + 1) / n
            expected[year] = (gross[:10].sum() / gross.sum(), gini)
        else:
            expected[year] = (None, None)
        budgets = rows["budget_real"].dropna()
        quantiles = np.quantile(budgets, [0.1, 0.25, 0.5, 0.75, 0.9]) if len(budgets) else [None] * 5
        spread[year] = (len(rows), *quantiles)
    check.compare(
        "Q23 concentration of a year's gross",
        expected,
        "select release_year, top_10_revenue_share, revenue_gini from mart_year",
    )
    check.compare(
        "Q33 quantiles of real budgets by year",
        spread,
        """select release_year, n_population, budget_real_usd_p10, budget_real_usd_p25, budget_real_usd_p50,
               budget_real_usd_p75, budget_real_usd_p90 from mart_year""",
    )
    budgeted = population[population["budget_class"].notna()]
    totals = budgeted.groupby("year").agg(n=("movie_id", "size"), dollars=("budget_real", "sum"))
    check.compare(
        "Q34 share of films and of budgets by year and budget class",
        {
            (year, name): (len(rows) / totals["n"][year], rows["budget_real"].sum() / totals["dollars"][year])
            for (year, name), rows in budgeted.groupby(["year", "budget_class"])
        },
        "select release_year, budget_class, film_share, budget_real_share from mart_year_budget where n_known_budget > 0",
    )
    banded = data[data["banded"]]
    check.compare(
        "Q25 films by break-even state, year and budget class",
        {
            key: (rows["profit"].sum(), len(rows) - rows["profit"].sum() - rows["loss"].sum(), rows["loss"].sum())
            for key, rows in banded.groupby(["year", "budget_class"])
        },
        """select release_year, budget_class, n_likely_profit, n_uncertain, n_likely_loss
           from mart_year_budget where n_analysis > 0""",
    )
    released = population[population["date"].notna()]
    check.compare(
        "Q21 films and gross by month and weekday",
        {
            key: (len(rows), rows["revenue"].sum() if rows["revenue"].notna().any() else None)
            for key, rows in released.groupby([released["date"].dt.month, released["date"].dt.day_of_week + 1])
        },
        """select release_month, release_weekday, n_population, revenue_usd
           from mart_release_calendar where n_population > 0""",
    )


def by_film(check, data):
    analysis = data[data["in_analysis"]]
    bins = analysis[analysis["runtime"].notna()]
    check.compare(
        "Q31 median return by ten minutes of runtime",
        {int(start): median(rows["roi"]) for start, rows in bins.groupby(bins["runtime"] // 10 * 10)},
        "select runtime_bin_start, median_roi from mart_runtime",
    )
    classes = analysis[(analysis["votes"] >= 50) & analysis["budget_class"].notna()].groupby("budget_class")
    check.compare(
        "Q32 rank correlation of rating and gross by budget class",
        {name: stats.spearmanr(rows["score"], rows["revenue_real"]).statistic for name, rows in classes},
        """select group_name, rho from mart_correlations
           where relation like 'rating%revenue%' and group_kind = 'budget class'""",
    )
    grossing = data[data["in_population"] & data["revenue"].notna()]
    nominal = grossing["revenue"].rank(method="min", ascending=False)
    real = grossing["revenue_real"].rank(method="min", ascending=False)
    listed = grossing[(nominal <= 500) | (real <= 500)]
    check.compare(
        "Q24 places by nominal and real gross",
        {
            film.movie_id: (nominal[film.Index], real[film.Index], real[film.Index] and nominal[film.Index] - real[film.Index])
            for film in listed.itertuples()
        },
        "select movie_id, nominal_rank, real_rank, rank_change from mart_all_time",
    )
    gaps = analysis[(analysis["budget"] >= 5_000_000) & analysis["mid"].notna()]
    gaps = gaps.assign(gap=gaps["revenue_real"] - dollars(gaps["mid"] * gaps["budget_real"]))
    best = gaps.sort_values(["gap", "movie_id"], ascending=[False, True]).head(20)
    worst = gaps.sort_values(["gap", "movie_id"]).head(20)
    for name, rows, direction in (("over-performers", best, "over"), ("bombs", worst, "under")):
        check.compare(
            f"Q36 {name} against the centre of the break-even band",
            {rank: (film.movie_id, film.gap) for rank, film in enumerate(rows.itertuples(), start=1)},
            f"""select outlier_rank, movie_id, break_even_gap_real_usd from mart_outliers
                where outlier_measure like 'break%' and outlier_direction like '{direction}%' and outlier_rank <= 20""",
        )
    spoken = data[data["in_population"] & data["revenue_real"].notna() & data["language"].notna()]
    check.compare(
        "Q30 gross by original language",
        {name: (rows["revenue_real"].sum(), median(rows["revenue_real"])) for name, rows in spoken.groupby("language")},
        """select language_code, revenue_real_usd, median_revenue_real_usd
           from mart_language where revenue_real_usd is not null""",
    )
    companies = data[data["in_population"] & data["revenue_real"].notna()].copy()
    companies["share"] = companies["revenue_real"] / companies["companies"].str.len()
    shares = companies.explode("companies").dropna(subset=["companies"]).groupby("companies")["share"].sum()
    check.compare(
        "Q29 gross of companies, shared among a film's",
        {str(company): dollars(value) for company, value in shares.items()},
        """select company_key, revenue_real_usd from mart_company
           where company_level = 'company' and credit_policy = 'shared' and revenue_real_usd is not null""",
        "the sum is whole dollars",
    )


def expectations(check, data):
    """E and ε by brute force: for every film the other films of its cell, one by one."""
    analysis = data[data["in_analysis"] & data["revenue_real"].notna()].copy()
    analysis["log"] = np.log(analysis["revenue_real"])
    budgets = analysis["budget_real"]
    # Tenths by real budget, equal budgets together: by how many films are cheaper.
    cheaper = budgets.rank(method="min") - 1
    analysis["decile"] = np.floor(cheaper * 10 / len(analysis)).astype(int) + 1
    analysis["primary"] = [genres[0] if genres else -1 for genres in analysis["genres"]]
    analysis["era"] = analysis["year"] // 5 * 5
    levels = [["decile", "primary", "era"], ["decile", "primary"], ["decile"]]
    cells = [
        {key: rows for key, rows in analysis.groupby(level if len(level) > 1 else level[0])} for level in levels
    ]
    expected = {}
    for film in analysis.itertuples():
        keys = [(film.decile, film.primary, film.era), (film.decile, film.primary), film.decile]
        for cell, key in zip(cells, keys, strict=True):
            others = cell[key].drop(index=film.Index)["log"].to_numpy()
            if len(others) >= 20:
                middle = float(np.median(others))
                expected[film.movie_id] = (middle, film.log - middle)
                break
    check.compare(
        "Q20 and Q36 expected gross and residual, film by film",
        expected,
        """select movie_id, expected_log_revenue, log_revenue_residual
           from mart_movies where expected_log_revenue is not null""",
        "no collections in this file, so no cell has a franchise",
    )
    analysis["residual"] = analysis["movie_id"].map({film: values[1] for film, values in expected.items()})
    months = analysis.dropna(subset=["residual"])
    months = months.groupby(months["date"].dt.month)["residual"]
    check.compare(
        "Q20 mean residual by month, with Student's interval",
        {
            month: (
                values.mean(),
                *stats.t.interval(0.95, len(values) - 1, loc=values.mean(), scale=stats.sem(values)),
            )
            for month, values in months
        },
        """select period_order, mean_residual, mean_residual_low, mean_residual_high
           from mart_release_windows where period_kind = 'month'""",
    )
    return analysis


def parts(data):
    """Who had which part: the best one of each film, unless it is uncredited, archive footage, a voice or oneself."""
    rows = []
    for film in data[data["in_population"]].itertuples():
        seen, best = set(), {}
        total = 0.0
        credits = []
        for credit in film.cast:
            if credit["credit_id"] in seen:
                continue
            seen.add(credit["credit_id"])
            order = credit["order"]
            share = 1 / (order + 1) if 0 <= order <= 9 else 0
            total += share
            credits.append((credit, order, share))
        for credit, order, share in credits:
            name = (credit["character"] or "").lower()
            oneself = name in ("self", "himself", "herself", "themselves") or name.startswith(
                ("self ", "self-", "himself ", "herself ")
            )
            if oneself or "uncredited" in name or ("archive" in name and "footage" in name[name.index("archive") :]):
                continue
            if not 0 <= order <= 14:
                continue
            part = best.setdefault(credit["id"], {"order": 99, "weight": 0.0, "voice": True})
            part["order"] = min(part["order"], order)
            part["weight"] = max(part["weight"], share / total if total else 0)
            part["voice"] &= "(voice" in name
        for person, part in best.items():
            rows.append((person, film.movie_id, film.year, film.revenue_real, part["order"], part["weight"], part["voice"]))
    return pd.DataFrame(rows, columns=["person", "movie_id", "year", "gross", "order", "weight", "voice"])


def people(check, data, analysis):
    acted = parts(data)
    acted = acted[~acted["voice"]]
    bankable(check, acted, analysis)
    main = acted[(acted["order"] <= 4) & acted["gross"].notna()]
    check.compare(
        "Q9 gross of films appeared in, in full",
        {person: (len(rows), rows["gross"].sum()) for person, rows in main.groupby("person") if len(rows) >= 5},
        """select person_id, n_main_known_revenue, gross_real_usd from mart_person_career
           where person_role = 'actor' and n_main_known_revenue >= 5""",
    )
    shared = acted[acted["gross"].notna()]
    shared = shared.assign(share=dollars(shared["gross"] * shared["weight"]))
    main_counts = main.groupby("person").size()
    check.compare(
        "Q9 the same, shared by billing",
        {
            person: rows["share"].sum()
            for person, rows in shared.groupby("person")
            if main_counts.get(person, 0) >= 5
        },
        """select person_id, weighted_gross_real_usd from mart_person_career
           where person_role = 'actor' and n_main_known_revenue >= 5""",
        "a share of a film is whole dollars",
    )
    leads = main[main["order"] <= 1].groupby("person")["gross"]
    check.compare(
        "Q13 typical gross of a lead part",
        {person: (len(values), median(values)) for person, values in leads if len(values) >= 5},
        """select person_id, n_leading_known_revenue, median_leading_gross_real_usd from mart_person_career
           where person_role = 'actor' and n_leading_known_revenue >= 5""",
    )
    directed = defaultdict(dict)
    for film in data[data["in_population"] & data["revenue_real"].notna()].itertuples():
        for credit in film.crew:
            if credit["job"] == "Director":
                directed[credit["id"]][film.movie_id] = film.revenue_real
    check.compare(
        "Q17 gross of films directed",
        {person: (len(films), sum(films.values())) for person, films in directed.items() if len(films) >= 3},
        """select person_id, n_known_revenue, gross_real_usd from mart_person_career
           where person_role = 'director' and n_known_revenue >= 3""",
    )


def bankable(check, acted, analysis):
    """The shrunk effect of lead actors: one-way random effects by the method of moments."""
    residuals = analysis.dropna(subset=["residual"]).set_index("movie_id")["residual"]
    leads = acted[(acted["order"] <= 1) & acted["movie_id"].isin(residuals.index)]
    groups = {person: residuals[rows["movie_id"]].to_numpy() for person, rows in leads.groupby("person")}
    several = [values for values in groups.values() if len(values) >= 3]
    sizes = np.array([len(values) for values in several])
    pooled = np.concatenate(several)
    means = np.array([values.mean() for values in several])
    within = sum(((values - values.mean()) ** 2).sum() for values in several) / (len(pooled) - len(several))
    between = (sizes * (means - pooled.mean()) ** 2).sum() / (len(several) - 1)
    typical = (len(pooled) - (sizes**2).sum() / len(pooled)) / (len(several) - 1)
    spread = max(0, (between - within) / typical)
    check.compare(
        "Q11 bankability: mean residual and shrunk effect of lead actors",
        {
            person: (len(values), values.mean(), values.mean() * len(values) / (len(values) + within / spread))
            for person, values in groups.items()
        },
        """select person_id, n_films, mean_residual, shrunk_residual from mart_person_bankability
           where person_role = 'actor' and period = 'all time'""",
    )
    consistent = {person: stats.iqr(values) for person, values in groups.items() if len(values) >= 8}
    check.compare(
        "Q12 how far apart a lead actor's films end",
        consistent,
        """select person_id, residual_iqr from mart_person_bankability
           where person_role = 'actor' and period = 'all time' and n_films >= 8""",
    )


def main():
    movies, seeds, warehouse = (Path(argument) for argument in sys.argv[1:])
    check = Check(duckdb.connect(str(warehouse), read_only=True))
    (as_of,) = check.warehouse.sql("select max(cast(fetched_at as date)) from mart_movies").fetchone()
    data = prepare(movies, seeds, pd.Timestamp(as_of))
    exploded = of_genres(data)
    print(f"{len(data)} films, {data['in_population'].sum()} of the population, {data['in_analysis'].sum()} of the analysis set")
    by_genre(check, data, exploded)
    by_year(check, data)
    by_film(check, data)
    analysis = expectations(check, data)
    people(check, data, analysis)
    sys.exit(0 if check.is_fine else 1)


if __name__ == "__main__":
    main()
