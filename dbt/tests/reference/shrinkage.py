"""Values that the shrinkage test in this folder's parent expects.

The mean squares are those of statsmodels' analysis of variance. Where all
entities have the same n, the components must also be those of its mixed model
fitted by REML, which knows nothing of moments: `main` stops if they are not.

    pip install numpy==2.4.6 statsmodels==0.15.0
    python shrinkage.py
"""

import warnings

import numpy
import pandas
import statsmodels.formula.api as models
from statsmodels.stats.anova import anova_lm

Z_80 = 1.2815515655446004

UNEQUAL = {
    1: [0.9, 0.5, 0.7, 1.1],
    2: [-0.6, -0.2, 0.1],
    3: [0.3, -0.4, 0.2, 0.6, -0.1],
    4: [-1.0, -0.3, -0.5],
    5: [2.0, 1.0],
}
EQUAL = {1: [0.9, 0.5, 0.7], 2: [-0.6, -0.2, 0.1], 3: [0.3, -0.4, 0.2]}
ALIKE = {1: [0.9, -0.8, 0.1], 2: [-0.6, 0.7, 0.1], 3: [0.3, -0.4, 0.2]}


def frame(entities, least=3):
    return pandas.DataFrame(
        [
            (entity, value)
            for entity, values in entities.items()
            if len(values) >= least
            for value in values
        ],
        columns=["entity", "value"],
    )


def components(entities):
    data = frame(entities)
    table = anova_lm(models.ols("value ~ C(entity)", data).fit())
    within = table.loc["Residual", "mean_sq"]
    between = table.loc["C(entity)", "mean_sq"]
    sizes = data.groupby("entity").size().to_numpy(dtype=float)
    total = sizes.sum()
    size = (total - (sizes**2).sum() / total) / (len(sizes) - 1)
    return within, max(0.0, (between - within) / size)


def effects(entities, within, between):
    """Entity, effect on the logarithm, and as a share with its interval."""
    for entity, values in entities.items():
        if between == 0:
            yield entity, 0, 0, numpy.nan, numpy.nan
            continue
        n, kappa = len(values), within / between
        effect = numpy.mean(values) * n / (n + kappa)
        deviation = numpy.sqrt(within / (n + kappa))
        ends = effect, effect - Z_80 * deviation, effect + Z_80 * deviation
        yield entity, effect, *numpy.expm1(ends)


def main():
    warnings.simplefilter("ignore")
    mixed = models.mixedlm("value ~ 1", frame(EQUAL), groups="entity")
    fit = mixed.fit(reml=True, method="powell", gtol=1e-12)
    by_reml = fit.scale, fit.cov_re.iloc[0, 0]
    assert numpy.allclose(by_reml, components(EQUAL), rtol=1e-4), by_reml
    for name in ["UNEQUAL", "EQUAL", "ALIKE"]:
        entities = globals()[name]
        within, between = components(entities)
        for entity, *values in effects(entities, within, between):
            numbers = [float(value) for value in (within, between, *values)]
            cells = ["null" if numpy.isnan(x) else f"{x:.12f}" for x in numbers]
            print(f"('{name.lower()}', {entity}, {', '.join(cells)}),")


if __name__ == "__main__":
    main()
