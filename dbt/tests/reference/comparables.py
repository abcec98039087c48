"""Distances that assert_comparable_distances_agree_with_gower.sql expects.

The package does the numbers and words, with its own ranges and weights; the
sets are Python's. A part that one of both films does not know is left out.

    pip install gower==0.1.2 numpy==2.4.6 pandas==2.3.3
    python comparables.py
"""

import gower
import numpy as np
import pandas as pd

# Log of the budget, genres, keywords, language, origin, window, minutes, franchise.
FILMS = {
    1: (18.0, {18, 35, 10749}, {1, 2, 3}, "en", "US", "Summer", 120, "no"),
    2: (16.5, {18, 35}, {3, 4}, "en", "GB", "Summer", 95, "no"),
    3: (19.5, {28, 12}, {5}, "fr", "FR", "Holiday", 150, "yes"),
    4: (None, {18}, None, "en", None, "Winter", 100, "no"),
    5: (18.0, {18, 35, 10749}, {1, 2, 3}, "en", "US", "Summer", 120, "no"),
    6: (14.0, None, {1}, "de", "DE", None, None, "no"),
}
WEIGHTS = [35, 25, 15, 5, 5, 5, 5, 5]
SETS = (1, 2)
RANGES = {
    part: np.ptp([film[part] for film in FILMS.values() if film[part] is not None])
    for part in (0, 6)
}


def distance(one, other):
    known = [
        part
        for part in range(len(WEIGHTS))
        if one[part] is not None and other[part] is not None
    ]
    total = 0.0
    plain = [part for part in known if part not in SETS]
    for part in set(known) - set(plain):
        shared = len(one[part] & other[part])
        total += WEIGHTS[part] * (1 - shared / len(one[part] | other[part]))
    # Two more rows give a numeric column the range of all films.
    rows = [[film[part] for part in plain] for film in (one, other)]
    for bound in (0, 1):
        rows.append([
            min(f[p] for f in FILMS.values() if f[p] is not None) + bound * RANGES[p]
            if p in RANGES
            else one[p]
            for p in plain
        ])
    table = pd.DataFrame(rows, columns=[str(part) for part in plain])
    weights = np.array([WEIGHTS[part] for part in plain], dtype=float)
    matrix = gower.gower_matrix(table, weight=weights)
    total += weights.sum() * float(matrix[0, 1])
    return total / sum(WEIGHTS[part] for part in known), sum(WEIGHTS[p] for p in known)


for film_id, film in FILMS.items():
    if film_id != 1:
        print(film_id, *distance(FILMS[1], film))
