"""How near the intervals without resampling are to those with it.

The figures of docs/decisions/0009-intervals-without-resampling.md:

    filmstar query --format csv "select genres.genre_name, movies.roi,
        movies.budget_real_usd from mart_movies as movies
        inner join bridge_movies_genres as bridge using (movie_id)
        inner join dim_genres as genres using (genre_id)
        where movies.is_in_analysis_set" > films.csv
    pip install numpy==2.4.6 scipy==1.17.1
    python bootstrap.py films.csv
"""

import csv
import math
import sys
from collections import defaultdict

import numpy as np
from scipy import stats

Z = stats.norm.ppf(0.975)


def bound_rank(n):
    df = n + 2 - n % 2
    t = stats.t.ppf(0.975, df)
    depth = n / 2 * (1 - 1 / math.sqrt(1 + df / t**2))
    return max(1, math.ceil(depth)) if n % 2 else max(2, math.ceil(2 * depth + 0.5)) / 2


def median_interval(ordered):
    """Of the last axis, already in order."""
    n = ordered.shape[-1]

    def at(rank):
        return (ordered[..., math.floor(rank) - 1] + ordered[..., math.ceil(rank) - 1]) / 2

    return at(bound_rank(n)), at(n + 1 - bound_rank(n))


def spearman(x, y):
    a, b = stats.rankdata(x, axis=-1), stats.rankdata(y, axis=-1)
    a, b = a - a.mean(-1, keepdims=True), b - b.mean(-1, keepdims=True)
    return (a * b).sum(-1) / np.sqrt((a * a).sum(-1) * (b * b).sum(-1))


def spearman_interval(rho, n):
    width = Z * np.sqrt((1 + rho**2 / 2) / (n - 3))
    return np.tanh(np.arctanh(rho) - width), np.tanh(np.arctanh(rho) + width)


def rounded(pair):
    return " ".join(f"{float(end):+.3f}" for end in pair)


def compare(films):
    genres = defaultdict(list)
    for film in films:
        if film["budget_real_usd"]:
            genres[film["genre_name"]].append(
                (float(film["roi"]), float(film["budget_real_usd"]))
            )
    for genre, pairs in sorted(genres.items()):
        roi, budget = np.array(pairs).T
        drawn = [
            stats.bootstrap(
                (roi,), np.median, n_resamples=count, method="percentile",
                confidence_level=0.95, batch=500, rng=np.random.default_rng(seed),
            ).confidence_interval
            for count, seed in [(2_000, 1), (100_000, 2)]
        ]
        print(f"{genre}, n = {len(roi)}: median ROI", rounded(median_interval(np.sort(roi))),
              "| 2,000", rounded(drawn[0]), "| 100,000", rounded(drawn[1]))
        if len(roi) >= 10:
            places = np.random.default_rng(4).integers(0, len(roi), (2_000, len(roi)))
            rhos = spearman(budget[places], roi[places])
            print("    rho", rounded(spearman_interval(spearman(budget, roi), len(roi))),
                  "| 2,000", rounded(np.quantile(rhos, [0.025, 0.975])))


def cover():
    rng = np.random.default_rng(7)
    for n in (10, 30, 100, 300):
        low, high = median_interval(np.sort(rng.lognormal(0, 1.2, (40_000, n)), axis=1))
        print(f"median of {n}: {np.mean((low <= 1) & (high >= 1)):.3f}")
    for n in (15, 30, 100, 300):
        for pearson in (0, 0.4, 0.7):
            true = 6 / math.pi * math.asin(pearson / 2)
            x = rng.normal(size=(6_000, n))
            y = pearson * x + math.sqrt(1 - pearson**2) * rng.normal(size=(6_000, n))
            low, high = spearman_interval(spearman(x, y), n)
            print(f"rho of {n}, {pearson}: {np.mean((low <= true) & (high >= true)):.3f}")


with open(sys.argv[1], newline="", encoding="utf-8") as file:
    compare(csv.DictReader(file))
cover()
