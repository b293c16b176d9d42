"""`assign`: which solver a problem needs, and what is said of its answer."""

from __future__ import annotations

import numpy as np

from xiandao.engines.assign.core import Core, core_of
from xiandao.engines.assign.fairest import fairest
from xiandao.engines.assign.impossible import by_program, explain
from xiandao.engines.assign.model import (
    UNIT,
    Assignment,
    Bools,
    Bound,
    Impossible,
    Ints,
    Limits,
    Mode,
    Pair,
    Problem,
    Served,
)
from xiandao.engines.assign.program import Searched, total_of, worst_of
from xiandao.engines.assign.quotas import weakest as weakest_with_quotas
from xiandao.engines.assign.rows import build, fixed_totals
from xiandao.engines.assign.weakest import floors, joint, solve

_DEFAULT = Limits()


def assign(problem: Problem, *, mode: Mode = Mode.WEAKEST, limits: Limits = _DEFAULT) -> Assignment | Impossible:
    """Return the assignment of experts to proposals, or why there is none and what would work.

    Mode WEAKEST: the least suitability of a chosen pair is as high as any assignment allows; among those assignments
    the sum is largest; among equal sums the seed decides (`weakest.solve` says how). Exact by two flows where needs
    and loads are all there is. Where employers, quotas or cities bind, the flow's answer stands if it keeps them (it
    is best among more), else an integer program takes over, within `limits`; `Bound.gap` tells what is not proven.
    Mode FAIREST: the total of the worst-served proposal is raised as far as found, its gap to the linear-programming
    bound shown; needs its least many experts each.

    Raises `InvalidValue` where fixed pairs alone exceed a bound.
    """
    core = core_of(problem)
    first, second = floors(core)
    if min(first.value, second.value) < 0:
        return explain(core, first, second, limits)
    floor, start, rows, columns = joint(core, first, second)
    keys = solve(core, floor, start)
    sum_of = Searched(keys, total_of(core, keys) / UNIT, complete=True)
    floor_bound, method = floor, "flow"
    if core.groups and not _keeps(core, keys):
        method = "program"
        best = weakest_with_quotas(core, floor, limits)
        if isinstance(best, bool):
            return _none(core, limits, decided=not best)
        keys, floor_bound, sum_of = best.keys, best.floor_bound, best.sum
        rows, columns = np.zeros_like(rows), np.zeros_like(columns)
    if mode is Mode.WEAKEST:
        weakest = _weakest(core, keys, floor_bound)
        sum_of = Searched(keys, sum_of.bound, sum_of.complete)
        return _assignment(problem, core, keys, (weakest, sum_of, None), mode=mode, method=method, cut=(rows, columns))
    starts = [keys, *_other_start(core, start)]
    fair = fairest(core, starts, limits)
    worst = Bound(worst_of(core, fair.keys) / UNIT, fair.bound / UNIT, fair.proven)
    top = _sum_bound(core, start)
    found = Searched(fair.keys, top, complete=False)
    weakest = _weakest(core, fair.keys, max(floor_bound, 0))
    return _assignment(problem, core, fair.keys, (weakest, found, worst), mode=mode, method=method, cut=(rows, columns))


def _keeps(core: Core, keys: Ints) -> bool:
    """Return whether chosen pairs keep every quota."""
    rows = build(core, keys)
    sums = rows.matrix @ np.ones(len(keys))
    return bool(((sums >= rows.low - 0.5) & (sums <= rows.high + 0.5)).all())  # whole numbers


def _other_start(core: Core, start: Ints) -> list[Ints]:
    """Return the choice of largest sum regardless of the weakest pair, if it keeps the quotas."""
    keys = solve(core, 0, start)
    return [keys] if not core.groups or _keeps(core, keys) else []


def _sum_bound(core: Core, start: Ints) -> float:
    return total_of(core, solve(core, 0, start)) / UNIT


def _none(core: Core, limits: Limits, *, decided: bool) -> Impossible:
    relaxations = by_program(core, limits)
    head = "名额、单位、城市的要求合在一起无法满足。" if decided else "在限定的步数内没有找到可行的分派。"
    return Impossible((), relaxations, head + "".join(each.words for each in relaxations), decided)


def _weakest(core: Core, keys: Ints, bound: int) -> Bound | None:
    if len(keys) == 0:
        return None
    value = int(core.units.reshape(-1)[keys].min())
    return Bound(value / UNIT, max(bound, value) / UNIT, proven=value >= bound)


def _assignment(
    problem: Problem,
    core: Core,
    keys: Ints,
    bounds: tuple[Bound | None, Searched, Bound | None],
    *,
    mode: Mode,
    method: str,
    cut: tuple[Bools, Bools],
) -> Assignment:
    width = core.units.shape[1]
    weakest, found, worst = bounds
    rows = np.concatenate([keys // width, core.fixed[:, 0]])
    columns = np.concatenate([keys % width, core.fixed[:, 1]])
    units = np.concatenate([core.units.reshape(-1)[keys].astype(np.int64), core.fixed_units])
    given = np.concatenate([np.zeros(len(keys), bool), np.ones(len(core.fixed), bool)])
    order = np.lexsort((core.column_order[columns], core.row_order[rows]))
    pairs = tuple(
        Pair(core.row_keys[rows[i]], core.column_keys[columns[i]], int(units[i]) / UNIT, bool(given[i])) for i in order
    )
    fixed = int(fixed_totals(core).sum())
    total = Bound((total_of(core, keys) + fixed) / UNIT, found.bound + fixed / UNIT, found.complete)
    held: dict[str, list[Pair]] = {key: [] for key in (*problem.proposals,)}
    given_to: dict[str, list[Pair]] = {key: [] for key in (*problem.experts,)}
    for pair in pairs:
        held[pair.proposal].append(pair)
        given_to[pair.expert].append(pair)
    proposals = tuple(_served(key, mine, [pair.expert for pair in mine]) for key, mine in held.items())
    experts = tuple(_served(key, mine, [pair.proposal for pair in mine]) for key, mine in given_to.items())
    holding = (
        tuple(core.row_keys[row] for row in np.flatnonzero(cut[0])),
        tuple(core.column_keys[column] for column in np.flatnonzero(cut[1])),
    )
    return Assignment(pairs, proposals, experts, weakest, total, worst, mode, method, holding)


def _served(key: str, pairs: list[Pair], others: list[str]) -> Served:
    values = [round(pair.suitability * UNIT) for pair in pairs]
    return Served(key, tuple(others), sum(values) / UNIT, min(values) / UNIT if values else None)
