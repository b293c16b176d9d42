"""The best selection: an integer program solved by HiGHS, checked in whole numbers."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from scipy import optimize

from xiandao.engines.portfolio.model import Constraint, Item
from xiandao.engines.portfolio.program import Exact, Ints, Program, Row, build
from xiandao.kernel import InvalidValue

SECONDS = 60.0
"""No single solution is sought for longer; what was found then is feasible, and its distance from the bound is told."""
_INFEASIBLE = 2
_MOST_CUTS = 50


@dataclass(frozen=True, slots=True)
class Chosen:
    """An item that was chosen, at which share of its full cost, and what it contributes."""

    code: str
    share: Decimal
    value: Decimal


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """A selection that meets every constraint, checked in exact arithmetic.

    `value`: its total; `bound`: no selection is worth more; `proven`: the two meet, so it is a best one. `chosen`: in
    order of value. `program`, `x`: what it was solved from, for the explanations.
    """

    value: Decimal
    bound: Decimal
    proven: bool
    chosen: tuple[Chosen, ...]
    program: Program
    x: Ints

    @property
    def codes(self) -> frozenset[str]:
        """The codes of what was chosen."""
        return frozenset(one.code for one in self.chosen)


def choose(
    items: Sequence[Item], constraints: Sequence[Constraint], *, seed: int | None = None, seconds: float = SECONDS
) -> Selection | None:
    """Return a selection of the greatest total value that meets every constraint, or None if none does (`conflict`).

    Exact: values and fen are whole numbers, the solver's answer is rounded and every row checked in whole numbers; if
    rounding had let one slip, that very answer is cut off and the rest solved again. `proven` tells whether the bound
    was reached within `seconds`. Of equally good selections, one that no single exchange of equals can improve: of two
    items with equal value at their level the lower code is taken wherever it fits, with a `seed` the one with the
    smaller SHA-256 of "seed:code". The order of the input does not matter.
    Raises `InvalidValue` for items or constraints that cannot be meant (see `model.check`).
    """
    program = build(items, constraints, preference([item.code for item in items], seed))
    found = solve(program, program.rows, seconds=seconds)
    if found is None:
        return None
    x, bound = found
    return selection(program, prefer(program, x), bound)


def preference(codes: Sequence[str], seed: int | None) -> dict[str, int]:
    """Return which of equal items is taken first: by code, or by hash if there is a seed."""

    def key(code: str) -> tuple[bytes, str]:
        return (b"" if seed is None else hashlib.sha256(f"{seed}:{code}".encode()).digest()), code

    return {code: place for place, code in enumerate(sorted(codes, key=key))}


def selection(program: Program, x: Ints, bound: int) -> Selection:
    """Return x as a selection; `bound` in steps of value."""
    value = int(program.values @ x)
    chosen = tuple(
        Chosen(
            program.items[program.column_item[c]].code, program.level(c).share, program.worth(int(program.values[c]))
        )
        for c in np.flatnonzero(x).tolist()
    )
    return Selection(program.worth(value), program.worth(max(bound, value)), value >= bound, chosen, program, x)


def solve(
    program: Program,
    rows: Sequence[Row],
    *,
    forced: Sequence[int] = (),
    any_value: bool = False,
    seconds: float = SECONDS,
) -> tuple[Ints, int] | None:
    """Return the best x under `rows` with an upper bound in steps of value, or None if there is none.

    `forced`: one of these columns has to be chosen. `any_value`: any x that meets the rows will do.
    """
    cuts = [Row(-1, np.array(forced, np.int64), np.ones(len(forced), np.int64), 1, None)] if forced else []
    for _ in range(_MOST_CUTS):
        every = [*rows, *cuts]
        answer = _milp(program, every, any_value=any_value, seconds=seconds)
        if answer is None:
            return None
        x, bound = answer
        if all(row.holds(x) for row in every):
            return x, bound
        cuts.append(_cut_off(x))
    raise InvalidValue(len(program.values), "量级相近的金额", "请把金额统一取整到万元后再算", "组合优化的数据")


def _milp(program: Program, rows: Sequence[Row], *, any_value: bool, seconds: float) -> tuple[Ints, int] | None:
    """Return the solver's answer rounded, with its bound rounded down to a whole step."""
    if not len(program.values):
        return (np.zeros(0, np.int64), 0) if all(row.holds(np.zeros(0, np.int64)) for row in rows) else None
    matrix, low, high = program.matrix(rows)
    objective = np.zeros(len(program.values)) if any_value else -program.values.astype(np.float64)
    result = optimize.milp(
        objective,
        integrality=np.ones(len(objective)),
        bounds=optimize.Bounds(0, 1),
        constraints=optimize.LinearConstraint(matrix, low, high) if rows else None,
        options={"mip_rel_gap": 0.0, "time_limit": seconds},
    )
    if result.status == _INFEASIBLE:
        return None
    if result.x is None:
        raise InvalidValue(f"{seconds:g}秒", "更长的求解时间", "限时内没有找到可行的组合，请放宽时间或约束", "求解时间")
    x = np.rint(result.x).astype(np.int64)
    bound = -float(result.mip_dual_bound)
    # a bound within rounding of a whole number is that number
    return x, int(np.floor(bound + 1e-6 * max(1.0, abs(bound) * 1e-6)))


def _cut_off(x: Ints) -> Row:
    """Return the row that excludes exactly x: at least one column differs."""
    coefficients = np.where(x > 0, -1, 1).astype(np.int64)
    return Row(-1, np.arange(len(x)), coefficients, 1 - int(x.sum()), None)


def prefer(program: Program, x: Ints) -> Ints:
    """Return x with chosen columns exchanged for preferred ones of the same value wherever every row still holds.

    Columns stand in order of preference; each exchange moves one forward, so the process ends.
    """
    x, exact = x.copy(), program.exact()
    order = np.lexsort((np.arange(len(x)), program.values))
    starts = np.flatnonzero(np.diff(program.values[order], prepend=-1))
    groups = [group for group in np.split(order, starts[1:]) if 0 < x[group].sum() < len(group)]
    while sum(_move_forward(program, exact, x, group) for group in groups):
        pass
    return x


def _move_forward(program: Program, exact: Exact, x: Ints, group: Ints) -> bool:
    """Exchange chosen columns of a group for earlier ones, in place; return whether there was any."""
    moved, sums = False, exact.table @ x
    for place in np.flatnonzero(x[group]):
        taken = group[place]
        used = np.isin(program.column_item, program.column_item[x > 0])
        others = group[:place][~used[group[:place]]]
        changed = sums[:, None] + exact.table[:, others] - exact.table[:, [taken]]
        fitting = np.flatnonzero(exact.holds(changed))
        if fitting.size:
            x[taken], x[others[fitting[0]]] = 0, 1
            sums, moved = changed[:, fitting[0]], True
    return moved
