"""Where a series of numbers leads if it goes on: ordinary least squares with a prediction interval."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from scipy.special import stdtrit

from xiandao.engines.attainment.model import Projection

FEWEST_POINTS = 4
"""Fewer numbers give no projection: with three, the interval rests on a single degree of freedom."""
ROUNDING = 1e-9
"""Relative difference below which two floats are the same number, rounded differently."""


def project(known: Sequence[tuple[date, Decimal]], on: date, *, cumulative: bool) -> Projection | None:
    """Return the number to expect on day `on`, from (day, value) pairs of distinct days in order; None below four.

    Least squares of y on time x in days: b = Σ(x−x̄)(y−ȳ) / Sxx, ŷ = ȳ + b(x₀−x̄); interval for one new observation
    ŷ ± t(n−2; 1−α/2) · s · √(1 + 1/n + (x₀−x̄)²/Sxx) with s² = Σ(y−ŷ)² / (n−2), for 1−α = 80% and 95%.
    `cumulative`: a number that cannot fall is never projected below its last value, nor are the ends of its
    intervals; `floored` says when that was needed.

    Source: Draper and Smith, Applied Regression Analysis, 3rd ed. 1998, section 3.1. The formula takes deviations from
    the line to be independent; those of a running total are not, so the true interval is wider: read it as a least.
    """
    if len(known) < FEWEST_POINTS:
        return None
    n = len(known)
    origin = known[0][0]
    x = [float((day - origin).days) for day, _ in known]
    y = [float(value) for _, value in known]
    x_mean, y_mean = math.fsum(x) / n, math.fsum(y) / n
    sxx = math.fsum((xi - x_mean) ** 2 for xi in x)
    slope = math.fsum((xi - x_mean) * (yi - y_mean) for xi, yi in zip(x, y, strict=True)) / sxx
    squares = math.fsum((yi - y_mean - slope * (xi - x_mean)) ** 2 for xi, yi in zip(x, y, strict=True))
    ahead = (on - origin).days - x_mean
    value = y_mean + slope * ahead
    spread = math.sqrt(squares / (n - 2) * (1 + 1 / n + ahead**2 / sxx))
    half80, half95 = (float(stdtrit(n - 2, quantile)) * spread for quantile in (0.9, 0.975))
    floor = float(known[-1][1]) if cumulative else -math.inf
    return Projection(
        on=on,
        value=max(value, floor),
        interval80=(max(value - half80, floor), max(value + half80, floor)),
        interval95=(max(value - half95, floor), max(value + half95, floor)),
        floored=value - half95 < floor - ROUNDING * max(1.0, abs(floor)),
    )
