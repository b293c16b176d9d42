"""What people do today: go down the ranking and take what still fits. Kept to show what the exact selection gains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from xiandao.engines.portfolio.conflict import met
from xiandao.engines.portfolio.model import Bundle, Constraint, Item
from xiandao.engines.portfolio.program import Exact, Ints, Program, build
from xiandao.engines.portfolio.solve import Selection, preference


@dataclass(frozen=True, slots=True)
class Greedy:
    """What going down the ranking chooses; `unmet`: constraints it misses (least quotas, commitments without room)."""

    value: Decimal
    codes: frozenset[str]
    unmet: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gain:
    """What the exact selection gains over the greedy one in value; `comparable` only if that one met everything."""

    value: Decimal
    comparable: bool
    joined: tuple[str, ...]
    left: tuple[str, ...]


def greedy(items: Sequence[Item], constraints: Sequence[Constraint]) -> Greedy:
    """Return the selection by rank: items already decided first, then by value, then code; each is taken at its fullest
    level that breaks no upper bound, with its bundle, else passed over. Least quotas are not looked at.
    """
    program = build(items, constraints, preference([item.code for item in items], None))
    exact = program.exact()
    bundle = _bundles(program)
    x = np.zeros(len(program.values), np.int64)
    order = sorted(range(len(program.items)), key=lambda i: (not program.items[i].committed, i))
    for index in order:
        members = bundle.get(program.items[index].code, [index])
        if not x[np.isin(program.column_item, members)].any():
            _take(program, exact, x, members)
    codes = frozenset(program.items[i].code for i in program.column_item[x > 0])
    return Greedy(program.worth(int(program.values @ x)), codes, met(program, x))


def gain(chosen: Selection, by_rank: Greedy) -> Gain:
    """Return what the exact selection gains over the greedy one."""
    return Gain(
        value=chosen.value - by_rank.value,
        comparable=not by_rank.unmet,
        joined=tuple(sorted(chosen.codes - by_rank.codes)),
        left=tuple(sorted(by_rank.codes - chosen.codes)),
    )


def _bundles(program: Program) -> dict[str, list[int]]:
    """Return by code all items that go with it, through any chain of bundles."""
    at = {item.code: index for index, item in enumerate(program.items)}
    result: dict[str, list[int]] = {}
    for constraint in program.constraints:
        if isinstance(constraint, Bundle):
            together = {at[code] for code in constraint.items}
            for code in constraint.items:
                together |= set(result.get(code, []))
            for index in together:
                result[program.items[index].code] = sorted(together)
    return result


def _take(program: Program, exact: Exact, x: Ints, members: Sequence[int]) -> None:
    """Take all members at the fullest common choice of levels that fits, in place: fullest first, member by member."""
    depth = max(len(program.items[index].levels) for index in members)
    for step in range(depth):
        trial = x.copy()
        for index in members:
            columns = np.flatnonzero(program.column_item == index)
            fullest = sorted(columns, key=lambda c: -program.level(int(c)).share)
            trial[fullest[min(step, len(fullest) - 1)]] = 1
        if (exact.table @ trial <= exact.high).all():
            x[:] = trial
            return
