"""How reviewers used the scale, how severe they were, and how they agree with others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from xiandao.engines.ranking.model import Bools, Floats, Ints
from xiandao.engines.ranking.rank import Ranking
from xiandao.engines.ranking.sheet import Sheet
from xiandao.engines.ranking.standing import interval


@dataclass(frozen=True, slots=True, eq=False)
class ReviewerTable:
    """By shape (r,) in the order of the sheet's reviewers, on 0–100; NaN is unknown.

    `lenience`: BLUP of b_r, negative is severe, with `low` and `high`. `severe`, `lenient`: the interval leaves out 0.
    `sd`: of own totals; `usual_sd`: sqrt(σ_θ² + σ²), what one reviewer's totals should spread. `distinct`: how many
    different totals. `flat`: at least `least` totals with sd under the share `flat_below` of the usual one.
    `agreement`: Pearson correlation of own totals with the mean of the others' on the same proposals (leave-one-out),
    over `common` proposals; NaN below three or without variance. `distance`: mean |own − others' mean|.
    """

    count: Ints
    mean: Floats
    lenience: Floats
    low: Floats
    high: Floats
    severe: Bools
    lenient: Bools
    sd: Floats
    usual_sd: float
    distinct: Ints
    flat: Bools
    agreement: Floats
    common: Ints
    distance: Floats


def reviewer_table(ranking: Ranking, *, flat_below: float = 0.25, least: int = 5) -> ReviewerTable:
    """Return the diagnostics of every reviewer of a ranking; what needs a fit is NaN or False without one.

    Without a fit the usual SD is the one of all totals. A flat reviewer is one to ask, not one to drop: severity and
    lack of spread are taken out by the model only as far as they are constant.
    """
    sheet, number = ranking.sheet, len(ranking.sheet.reviewers)
    count = np.bincount(sheet.reviewer, minlength=number)
    mean = np.bincount(sheet.reviewer, sheet.total, number) / count
    sd = _sd(sheet.reviewer, sheet.total, number)
    unknown = np.full(number, np.nan)
    lenience, low, high = unknown, unknown, unknown
    usual = float(np.std(sheet.total))
    if ranking.fit is not None and ranking.draws is not None:
        usual = float(np.hypot(ranking.fit.sd_proposal, ranking.fit.sd_residual))
        lenience = ranking.fit.lenience
        low, high = (end.astype(np.float64) for end in interval(ranking.draws.lenience, ranking.rules.confidence))
    agreement, common, distance = _leave_one_out(sheet)
    pairs = np.unique(np.column_stack([sheet.reviewer, np.round(sheet.total, 9)]), axis=0)
    return ReviewerTable(
        count=count,
        mean=mean,
        lenience=lenience,
        low=low,
        high=high,
        severe=high < 0,
        lenient=low > 0,
        sd=sd,
        usual_sd=usual,
        distinct=np.bincount(pairs[:, 0].astype(np.int64), minlength=number),
        flat=(count >= least) & (sd < flat_below * usual),
        agreement=agreement,
        common=common,
        distance=distance,
    )


def _sd(key: Ints, value: Floats, number: int) -> Floats:
    """Return the SD (n − 1) of the values of each key, NaN for one."""
    count = np.bincount(key, minlength=number)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.bincount(key, value, number) / count
        squares = np.bincount(key, (value - mean[key]) ** 2, number)
        return np.where(count > 1, np.sqrt(squares / (count - 1)), np.nan)


def _leave_one_out(sheet: Sheet) -> tuple[Floats, Ints, Floats]:
    """Return correlation with the others' mean, on how many proposals, and the mean distance from it."""
    number = len(sheet.reviewers)
    counts = np.repeat(sheet.counts, sheet.counts)
    sums = np.repeat(np.add.reduceat(sheet.total, sheet.starts), sheet.counts)
    shared = counts > 1
    who, own = sheet.reviewer[shared], sheet.total[shared]
    others = (sums[shared] - own) / (counts[shared] - 1)
    common = np.bincount(who, minlength=number)
    with np.errstate(invalid="ignore", divide="ignore"):
        distance = np.bincount(who, np.abs(own - others), number) / common
        means = [np.bincount(who, x, number) / common for x in (own, others)]
        a, b = own - means[0][who], others - means[1][who]
        squares = np.bincount(who, a**2, number) * np.bincount(who, b**2, number)
        correlation = np.bincount(who, a * b, number) / np.sqrt(squares)
    known = (common > 2) & (squares > 1e-18)  # noqa: PLR2004 — two points always lie on a line
    return np.where(known, np.clip(correlation, -1, 1), np.nan), common, distance


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement of the whole panel; None where undefined.

    `kendall_w`: only where every reviewer scored every proposal; `chance`: its probability if all ranked at random, χ²
    approximation. `alpha`: Krippendorff's, interval metric.
    """

    kendall_w: float | None
    chance: float | None
    alpha: float | None


def agreement(sheet: Sheet) -> Agreement:
    """Return Kendall's W, corrected for ties, and Krippendorff's α of a sheet's totals.

    W = (12 Σ R² − 3 m² n (n + 1)²) / (m² n (n² − 1) − m Σ (t³ − t)), m reviewers, n proposals, R sums of mid-ranks,
    t sizes of ties. α = 1 − D_o / D_e with squared differences, over proposals with at least two totals.
    Source: Kendall and Babington Smith (1939), Ann. Math. Stat. 10; Krippendorff, Content Analysis (2004), ch. 11.
    """
    w = _kendall(sheet)
    chance = None
    if w is not None:
        m, n = len(sheet.reviewers), len(sheet.proposals)
        chance = float(stats.chi2.sf(m * (n - 1) * w, n - 1))
    return Agreement(w, chance, _alpha(sheet))


def _kendall(sheet: Sheet) -> float | None:
    m, n = len(sheet.reviewers), len(sheet.proposals)
    if len(sheet.total) < m * n or m < 2 or n < 2:  # noqa: PLR2004 — agreement takes two
        return None
    table = np.empty((m, n))
    table[sheet.reviewer, sheet.proposal] = np.round(sheet.total, 9)
    mid = stats.rankdata(table, axis=1)
    ties = sum(float((size**3 - size).sum()) for size in (np.unique(row, return_counts=True)[1] for row in table))
    whole = m**2 * n * (n**2 - 1) - m * ties
    return float((12 * (mid.sum(axis=0) ** 2).sum() - 3 * m**2 * n * (n + 1) ** 2) / whole) if whole > 0 else None


def _alpha(sheet: Sheet) -> float | None:
    counts = sheet.counts
    pairable = np.repeat(counts > 1, counts)
    values, owner = sheet.total[pairable], sheet.proposal[pairable]
    n = len(values)
    expected = n * float((values**2).sum()) - float(values.sum()) ** 2 if n else 0.0
    if expected <= 1e-9 * n:
        return None
    m = np.bincount(owner, minlength=len(counts))
    mean = np.bincount(owner, values, len(counts)) / np.maximum(m, 1)
    within = np.bincount(owner, (values - mean[owner]) ** 2, len(counts))
    observed = float((2 * m[m > 1] * within[m > 1] / (m[m > 1] - 1)).sum()) / n
    return 1 - observed / (2 * expected / (n * (n - 1)))
