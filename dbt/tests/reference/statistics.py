"""Values that the statistics tests in this folder's parent expect.

Each is computed by an implementation that shares nothing with the macros.

    pip install numpy==2.4.6 scipy==1.17.1 statsmodels==0.15.0 pymannkendall==1.4.3
    python statistics.py
"""

import math

import numpy as np
import pymannkendall
from scipy import stats
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.weightstats import DescrStatsW

# Skewed and with ties, as returns are; the first 15 are the odd case.
VALUES = [
    -0.9, -0.5, -0.5, -0.1, 0.0, 0.4, 0.7, 1.1, 1.1, 1.5, 2.3, 3.6, 5.2, 9.0, 40.0,
    64.0,
]
PAIRS = [(1, 10), (2, 9), (2, 7), (3, 8), (5, 5), (8, 6), (13, 2), (21, 2), (34, 1), (55, 4)]
SERIES = [1.5, 2.0, 1.0, 2.0, 2.5, 3.0, 2.0, 3.5, 4.0, 3.0, 4.5, 5.0]
REVENUES = [100, 250, 250, 400, 1000, 8000]


def show(title, rows):
    print(f"-- {title}")
    for row in rows:
        print("    (" + ", ".join("null" if x is None else repr(x) for x in row) + "),")


def plain(*numbers):
    return tuple(float(number) for number in numbers)


def median_rank(n, level=0.95):
    """The rank whose share of bootstrap medians at or below it first reaches
    the tail; of an even sample, the mean of its two middle ranks. By counting:
    the joint distribution of both ranks is multinomial."""
    tail = (1 - level) / 2
    lower, upper = (n + 1) // 2, n // 2 + 1
    shares = np.arange(n + 1) / n
    at_most = stats.binom.sf(lower - 1, n, shares)

    def cumulative(rank_sum):
        if lower == upper:
            return at_most[rank_sum // 2]
        a = np.arange(1, rank_sum // 2 + 1)
        b = np.minimum(rank_sum - a, n)
        log_choose = math.lgamma(n + 1) - 2 * math.lgamma(lower + 1)

        def straddling(a, b):
            with np.errstate(divide="ignore"):
                return np.exp(
                    log_choose + lower * (np.log(a / n) + np.log((n - b) / n))
                )

        return float(
            (at_most[a] - straddling(a, b) - at_most[a - 1] + straddling(a - 1, b)).sum()
        )

    rank_sum = 2
    step = 2 if lower == upper else 1
    while cumulative(rank_sum) < tail - 1e-12:
        rank_sum += step
    return rank_sum / 2


show("wilson: successes, n, low, high (statsmodels proportion_confint, wilson)", [
    (k, n, *plain(*proportion_confint(k, n, 0.05, method="wilson")))
    for k, n in [(0, 10), (3, 10), (10, 10), (1, 1), (17, 45), (250, 1000)]
])
show("wilson 80 %", [
    (k, n, *plain(*proportion_confint(k, n, 0.20, method="wilson")))
    for k, n in [(3, 10)]
])
show("t: df, two-sided 95 % (scipy.stats.t)", [
    (df, float(stats.t.ppf(0.975, df))) for df in [1, 2, 3, 4, 5, 9, 30, 1000]
])
show("p: z, two-sided p (scipy.stats.norm)", [
    (z, float(2 * stats.norm.sf(abs(z))))
    for z in [0.0, 0.5, -1.0, 1.96, -2.5758293035489004, 5.0, 40.0]
])
show("median: n, rank of the lower bound (counted)", [
    (n, median_rank(n)) for n in
    [1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 15, 16, 29, 30, 31, 65, 66, 100, 101, 1000, 5001]
])
for count in (15, 16):
    ordered = np.sort(VALUES[:count])
    rank = median_rank(count)
    bounds = [
        (ordered[math.floor(r) - 1] + ordered[math.ceil(r) - 1]) / 2
        for r in (rank, count + 1 - rank)
    ]
    show(f"median of {count}", [plain(np.median(ordered), *bounds)])
    low, high = np.quantile(ordered, [0.05, 0.95])
    show(f"winsorised mean of {count} (numpy clip)", [
        plain(np.clip(ordered, low, high).mean())
    ])
    mean = DescrStatsW(ordered)
    show(f"mean of {count} (statsmodels)", [plain(mean.mean, *mean.tconfint_mean())])

x, y = zip(*PAIRS)
rho = float(stats.spearmanr(x, y).statistic)
width = stats.norm.ppf(0.975) * math.sqrt((1 + rho**2 / 2) / (len(PAIRS) - 3))
show("spearman: rho (scipy), low, high (Bonett and Wright, by numpy)", [
    (rho, *plain(*np.tanh(np.arctanh(rho) + np.array([-width, width]))))
])

trend = pymannkendall.original_test(SERIES)
tau_b = stats.kendalltau(range(len(SERIES)), SERIES, variant="b").statistic
show("mann-kendall: s, variance, z, p, slope (pymannkendall), tau-b (scipy)", [
    plain(trend.s, trend.var_s, trend.z, trend.p, trend.slope, tau_b)
])

revenues = np.array(REVENUES, dtype=float)
differences = np.abs(revenues[:, None] - revenues[None, :]).sum()
show("gini (mean difference, numpy), share of the top 2", [plain(
    differences / (2 * len(revenues) ** 2 * revenues.mean()),
    np.sort(revenues)[-2:].sum() / revenues.sum(),
)])
