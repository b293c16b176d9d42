"""Proposals on which reviewers are further apart than the programme allows, or than chance explains."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from xiandao.engines.ranking.means import raw_means
from xiandao.engines.ranking.mixed import Fit
from xiandao.engines.ranking.model import Bools, Floats, Ints
from xiandao.engines.ranking.sheet import Sheet


@dataclass(frozen=True, slots=True)
class Outlier:
    """A total further from the proposal's mean than allowed; `distance` = total − mean, on 0–100."""

    proposal: str
    reviewer: str
    total: float
    distance: float


@dataclass(frozen=True, slots=True, eq=False)
class Disagreements:
    """By shape (p,) in the order of the sheet: how far reviewers are apart on each proposal, on 0–100.

    `sd`: with n − 1, NaN for one reviewer. `expected_sd`: sqrt(σ_b² + σ²) of the fit, NaN without one; `chance`:
    probability of an SD as great by chance, upper tail of χ²_{n−1} at (n − 1) sd² / expected_sd². `asked`: a written
    reason is asked for. `outliers`: whose totals caused it, the furthest first.
    """

    count: Ints
    mean: Floats
    median: Floats
    sd: Floats
    spread: Floats
    expected_sd: float
    chance: Floats
    asked: Bools
    outliers: tuple[Outlier, ...]


def disagreements(
    sheet: Sheet, fitted: Fit | None = None, *, sd_above: float = 15.0, distance_above: float = 20.0
) -> Disagreements:
    """Return the disagreement on every proposal; reasons are asked where SD > `sd_above` or any |total − mean| >
    `distance_above` (handbook §7: 15 and 20 of 100).
    """
    counts, mean = sheet.counts, raw_means(sheet)
    away = sheet.total - np.repeat(mean, counts)
    squares = np.add.reduceat(away**2, sheet.starts)
    with np.errstate(invalid="ignore", divide="ignore"):
        sd = np.where(counts > 1, np.sqrt(squares / (counts - 1)), np.nan)
    expected = float(np.hypot(fitted.sd_reviewer, fitted.sd_residual)) if fitted else float("nan")
    far = np.flatnonzero(np.abs(away) > distance_above)
    asked = sd > sd_above
    asked[sheet.proposal[far]] = True
    outliers = tuple(
        Outlier(
            sheet.proposals[sheet.proposal[i]],
            sheet.reviewers[sheet.reviewer[i]],
            float(sheet.total[i]),
            float(away[i]),
        )
        for i in far[np.argsort(-np.abs(away[far]), kind="stable")]
    )
    return Disagreements(
        count=counts,
        mean=mean,
        median=_medians(sheet),
        sd=sd,
        spread=np.maximum.reduceat(sheet.total, sheet.starts) - np.minimum.reduceat(sheet.total, sheet.starts),
        expected_sd=expected,
        chance=np.where(counts > 1, stats.chi2.sf(squares / expected**2, np.maximum(counts - 1, 1)), np.nan),
        asked=asked,
        outliers=outliers,
    )


def _medians(sheet: Sheet) -> Floats:
    """Return shape (p,): the median total of each proposal."""
    ordered = sheet.total[np.lexsort((sheet.total, sheet.proposal))]
    counts = sheet.counts
    return np.asarray((ordered[sheet.starts + (counts - 1) // 2] + ordered[sheet.starts + counts // 2]) / 2)
