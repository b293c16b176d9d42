"""The integer program that takes over where employers, quotas or cities bind: HiGHS over a part of the pairs, with
column generation for the bound and for every pair that could still matter.

*Exactness.* The linear program is priced over all pairs, so its value bounds every assignment. Let the best assignment
found lie g below it. A pair whose reduced cost is worse than g is in no better assignment (reduced-cost fixing;
Wolsey, Integer Programming, 1998, §7.6), so once all others are in the part, the integer program over the part
decides.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from xiandao.engines.assign.core import Core, noise
from xiandao.engines.assign.model import UNIT, Floats, Ints, Limits
from xiandao.engines.assign.network import best_of_both, best_of_rows
from xiandao.engines.assign.rows import Rows, asked, build, fixed_totals

_START = 12
_MORE = 8
_TINY = 1e-7
_LARGE = 400_000
"""So many pairs are searched whole where a part cannot decide."""


@dataclass(frozen=True)
class Relaxed:
    """The linear program: its value (a bound), the part it was solved on, and what its prices ask of each pair.

    `short`: how much of the lower bounds cannot be met even by fractions; above 0 nothing can.
    """

    value: float
    keys: Ints
    asked: Floats
    worth: Floats
    short: float


@dataclass(frozen=True)
class Searched:
    """The best choice found (None: none), the bound nothing exceeds, and whether the search was complete."""

    keys: Ints | None
    bound: float
    complete: bool


def worth_of(core: Core, allowed: np.ndarray) -> Floats:
    """Return suitability of allowed pairs, -inf for others."""
    return np.where(allowed, core.units / UNIT, -np.inf)


def relax(core: Core, allowed: np.ndarray, *, worst: bool = False, feasible_only: bool = False) -> Relaxed:
    """Return the linear program over all allowed pairs: the largest sum, or the largest worst total."""
    values = np.where(allowed, core.units, np.int32(-1))
    need, cap = int(core.most.max(initial=0)), int(core.high.max(initial=0))
    keys = best_of_both(values, need + _START, min(cap + _MORE, len(core.least)))
    while True:
        rows = build(core, keys, worst=worst)
        value, duals, short = _linear(core, rows, keys, worst=worst, feasible_only=feasible_only)
        table, total = asked(core, rows, duals)
        worth = np.zeros_like(table) if feasible_only else core.units / UNIT
        if worst and not feasible_only:
            worth = worth * total[:, None]
        gain = np.where(allowed, worth - table, -1.0)
        gain.reshape(-1)[keys] = -1
        more = best_of_rows(np.where(gain > _TINY, np.ceil(np.minimum(gain * UNIT, UNIT)), -1).astype(np.int32), _MORE)
        if len(more) == 0:
            return Relaxed(value, keys, table, worth, short)
        keys = np.union1d(keys, more)


def _linear(core: Core, rows: Rows, keys: Ints, *, worst: bool, feasible_only: bool) -> tuple[float, Floats, float]:
    """Return value, duals by row, and the sum of what lower bounds lack (bought at a price above any worth)."""
    count = rows.matrix.shape[1]
    cost = np.zeros(count)
    if not feasible_only:
        cost[: len(keys)] = 0.0 if worst else -core.units.reshape(-1)[keys] / UNIT
        cost[len(keys) :] = -1.0
    upper = np.flatnonzero(np.isfinite(rows.high))
    real = np.isfinite(rows.low) & (rows.low > 0)
    other = np.flatnonzero(np.isfinite(rows.low) & ~real & _needs_low(rows))
    real_rows = np.flatnonzero(real)
    slack = len(real_rows)
    matrix = sparse.vstack([rows.matrix[upper], -rows.matrix[real_rows], -rows.matrix[other]], format="csr")
    extra = sparse.vstack(
        [
            sparse.csr_array((len(upper), slack)),
            -sparse.eye_array(slack, format="csr"),
            sparse.csr_array((len(other), slack)),
        ],
        format="csr",
    )
    price = 1.0 if feasible_only else 2.0 * max(1.0, float(core.most.sum()))
    bounds = np.zeros((count + slack, 2))
    bounds[: len(keys), 1] = 1
    bounds[len(keys) : count, 1] = np.inf
    bounds[count:, 1] = np.inf
    result = linprog(
        np.concatenate([cost, np.full(slack, price)]),
        A_ub=sparse.hstack([matrix, extra], format="csr"),
        b_ub=np.concatenate([rows.high[upper], -rows.low[real_rows], -rows.low[other]]),
        bounds=bounds,
        method="highs",
    )
    if result.status != 0:
        raise ArithmeticError(f"linear program: {result.message}")
    duals = np.zeros(len(rows.low))
    marginals = -result.ineqlin.marginals
    duals[upper] += marginals[: len(upper)]
    duals[real_rows] -= marginals[len(upper) : len(upper) + slack]
    duals[other] -= marginals[len(upper) + slack :]
    short = float(result.x[count:].sum())
    return -float(cost @ result.x[:count]), duals, short


def _needs_low(rows: Rows) -> np.ndarray:
    """Return rows whose lower bound of 0 or less could be broken: only those with negative weights."""
    negative = rows.matrix.minimum(0).sum(axis=1)
    return np.asarray(negative < rows.low - _TINY)


def search(core: Core, keys: Ints, limits: Limits, *, worst: bool = False) -> Searched:
    """Return the best integer choice among `keys`. Pairs enter in the order of the seed's numbers: it decides ties."""
    width = core.units.shape[1]
    keys = keys[np.argsort(noise(core, keys // width, keys % width, 40), kind="stable")]
    rows = build(core, keys, worst=worst)
    count = rows.matrix.shape[1]
    cost = np.zeros(count)
    cost[: len(keys)] = 0.0 if worst else -core.units.reshape(-1)[keys] / UNIT
    cost[len(keys) :] = -1.0
    upper = np.ones(count)
    upper[len(keys) :] = np.inf
    integral = np.ones(count)
    integral[len(keys) :] = 0
    result = milp(
        cost,
        integrality=integral,
        bounds=Bounds(np.zeros(count), upper),
        constraints=LinearConstraint(rows.matrix, rows.low, rows.high),
        options={"node_limit": limits.nodes, "mip_rel_gap": 0.0},
    )
    bound = -result.mip_dual_bound if getattr(result, "mip_dual_bound", None) is not None else np.inf
    if result.x is None:
        return Searched(None, bound, complete=result.status == 2)  # noqa: PLR2004 — HiGHS through scipy: infeasible
    chosen = np.sort(keys[result.x[: len(keys)] > 0.5])  # noqa: PLR2004 — a half parts 0 from 1
    return Searched(chosen, float(bound), complete=result.status == 0)


def total_of(core: Core, keys: Ints) -> int:
    """Return the sum of chosen pairs in millionths."""
    return int(core.units.reshape(-1)[keys].sum(dtype=np.int64))


def worst_of(core: Core, keys: Ints) -> int:
    """Return the total of the worst-served proposal in millionths, fixed pairs included."""
    if len(core.least) == 0:
        return 0
    units = core.units.reshape(-1)[keys]
    totals = np.bincount(keys // core.units.shape[1], weights=units, minlength=len(core.least)) + fixed_totals(core)
    return int(totals.min())


def best_sum(core: Core, floor: int, limits: Limits) -> Searched | None:
    """Return the largest sum with no pair below the floor; None where even fractions cannot meet the bounds."""
    allowed = core.units >= floor
    relaxed = relax(core, allowed)
    if relaxed.short > _TINY:
        if relax(core, allowed, feasible_only=True).short > _TINY:
            return None
        keys, value = np.flatnonzero(allowed.reshape(-1)), np.inf
    else:
        keys, value = relaxed.keys, relaxed.value
    while True:
        found = search(core, keys, limits)
        whole = len(keys) == np.count_nonzero(allowed)
        if found.keys is None:
            if whole or np.count_nonzero(allowed) > _LARGE:
                return Searched(None, value, complete=found.complete and whole)
            keys = np.flatnonzero(allowed.reshape(-1))
            continue
        lacking = value - total_of(core, found.keys) / UNIT
        near = np.flatnonzero((allowed & (relaxed.worth - relaxed.asked >= -max(lacking, 0) - _TINY)).reshape(-1))
        wider = np.union1d(keys, near)
        if whole or lacking < 0.5 / UNIT or len(wider) == len(keys):
            complete = found.complete or lacking < 0.5 / UNIT
            return Searched(found.keys, min(value, found.bound) if found.complete else value, complete)
        if len(wider) > _LARGE:
            return Searched(found.keys, value, complete=False)
        keys = wider
