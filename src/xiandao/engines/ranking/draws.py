"""Draws from what the scores leave open: variance components on a grid, the rest in closed form. Seeded.

The posterior of (σ_θ/σ, σ_b/σ) is the restricted likelihood times half-Cauchy(1) priors, on a grid of GRID² midpoints
that spans all within DROP of the highest log density; σ² given the ratios is q / χ²_{N−1}; μ, θ and b given all are
normal with the moments of Henderson's equations. So intervals carry the uncertainty of the variance components, and
stay open where REML puts a component at 0. Source: Gelman (2006), Bayesian Analysis 1, for priors on standard
deviations; Rue, Martino and Chopin (2009), JRSS B 71, for the grid.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import linalg

from xiandao.engines.ranking.mixed import GREATEST_RATIO, Fit, System
from xiandao.engines.ranking.model import Floats, Ints, Singles

GRID = 5
DROP = 6.0
_PROBES = 8


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """Where the variance components may lie: `ratios` (g, 2), `weights` (g,) that sum to 1."""

    ratios: Floats
    weights: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """B draws: `quality` (B, p) of μ + θ; `lenience` (B, r) of b; `mean` (B,) of μ; `sds` (B, 3) of σ_θ, σ_b, σ."""

    quality: Singles
    lenience: Singles
    mean: Floats
    sds: Floats


def spread_of(system: System, fitted: Fit) -> Spread:
    """Return the grid of variance components around a fit."""

    def height(s: Floats) -> float:
        return -system.solve(float(s[0]), float(s[1])).deviance / 2 - float(np.log1p(s**2).sum())

    centre = np.minimum(fitted.ratios, GREATEST_RATIO)
    top = height(centre)
    sides = [_side(height, centre, axis, top) for axis in (0, 1)]
    steps = (np.arange(GRID) + 0.5) / GRID
    axes = [low + (high - low) * steps for low, high in sides]
    points = np.array([(x, y) for x in axes[0] for y in axes[1]])
    logs = np.array([height(point) for point in points])
    weights = np.exp(logs - logs.max())
    return Spread(points, weights / weights.sum())


def _side(height: Callable[[Floats], float], centre: Floats, axis: int, top: float) -> tuple[float, float]:
    """Return how far one ratio may go down and up before the log density has fallen by about DROP."""
    middle = float(centre[axis])

    def fall(value: float) -> float:
        point = centre.copy()
        point[axis] = value
        return top - height(point)

    step = 0.1 * (0.5 + middle)
    up = _reach(lambda h: fall(middle + h), step, GREATEST_RATIO)
    down = _reach(lambda h: fall(middle - h), min(up, middle), middle) if middle > 0 else 0.0
    return middle - down, middle + up


def _reach(fall: Callable[[float], float], step: float, most: float) -> float:
    """Return a step at which `fall` is near DROP, at most `most`: a parabola through 0 and the last probe, repeated."""
    for _ in range(_PROBES):
        fallen = fall(step)
        if 0.7 * DROP < fallen < 1.5 * DROP or (fallen < DROP and step >= most):
            break
        factor = np.sqrt(DROP / fallen) if fallen > 0 else 4.0
        step = min(step * float(np.clip(factor, 0.1, 4.0)), most)
    return step


def allocate(spread: Spread, runs: int, rng: np.random.Generator) -> Ints:
    """Return how many of `runs` draws fall on each point of the grid."""
    return np.asarray(rng.multinomial(runs, spread.weights), np.int64)


def draw(
    system: System,
    spread: Spread,
    runs: int,
    rng: np.random.Generator,
    residual: tuple[float, int] | None = None,
) -> Draws:
    """Return `runs` independent draws given the scores.

    `residual`: (q, N − 1) for σ² where they come from other scores (an earlier round), else those of the system.
    """
    taken, freedom = residual or (0.0, system.number - 1)
    a, b = system.levels_a, system.levels_b
    of_a, of_b = np.empty((runs, a), np.float32), np.empty((runs, b), np.float32)
    means, sds = np.empty(runs), np.empty((runs, 3))
    begin = 0
    for ratios, number in zip(spread.ratios, allocate(spread, runs, rng), strict=True):
        if not number:
            continue
        rows = slice(begin, begin := begin + int(number))
        solved = system.solve(float(ratios[0]), float(ratios[1]))
        sigma = np.sqrt((taken or solved.q) / rng.chisquare(freedom, number))
        noise = linalg.solve_triangular(
            solved.root, rng.standard_normal((1 + b, number)), lower=True, trans="T", check_finite=False
        )
        left = solved.left[:, None] + sigma * noise
        rest = system.y_a[:, None] - system.n_a[:, None] * left[0] - solved.s_b * (system.both @ left[1:])
        own = rng.standard_normal((int(number), a), dtype=np.float32)
        own *= (solved.s_a / np.sqrt(solved.diagonal)).astype(np.float32)
        own *= sigma[:, None].astype(np.float32)
        own += ((solved.s_a**2 / solved.diagonal)[:, None] * rest).T
        of_a[rows] = own
        of_b[rows] = solved.s_b * left[1:].T
        means[rows] = system.centre + left[0]
        sds[rows] = sigma[:, None] * np.array([*ratios, 1.0])
    theta, lenience = (of_a, of_b) if system.proposals_eliminated else (of_b, of_a)
    theta += means[:, None].astype(np.float32)
    return Draws(theta, lenience, means, sds)
