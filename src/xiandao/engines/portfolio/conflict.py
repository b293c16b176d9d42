"""Why nothing meets all constraints: a smallest set of them that contradict each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from xiandao.engines.portfolio.model import Budget, Bundle, Commitment, Constraint, Exclusion, Item, Quota
from xiandao.engines.portfolio.program import Program, build, fen
from xiandao.engines.portfolio.solve import preference, solve
from xiandao.kernel import Money


@dataclass(frozen=True, slots=True)
class Conflict:
    """Constraints that cannot hold together; without any one of them the rest of the set can. `sentences` say what."""

    constraints: tuple[Constraint, ...]
    sentences: tuple[str, ...]


def conflict(items: Sequence[Item], constraints: Sequence[Constraint]) -> Conflict | None:
    """Return a smallest (irreducible) set of constraints in conflict, or None if all can be met.

    Deletion filter in halves: what can be left out while the rest stays infeasible is left out (Chinneck, Feasibility
    and Infeasibility in Optimization, 2008, ch. 6; Junker 2004). Items already decided count as constraints. There may
    be other such sets: mend one and ask again.
    """
    program = build(items, constraints, preference([item.code for item in items], None))
    everything = list(range(len(program.constraints)))
    if _feasible(program, everything):
        return None
    kept = _filter(lambda owners: not _feasible(program, owners), everything)
    found = tuple(program.constraints[i] for i in kept)
    return Conflict(found, tuple(_sentence(program, c) for c in found))


def _feasible(program: Program, owners: Sequence[int]) -> bool:
    rows = program.without(set(range(len(program.constraints))) - set(owners))
    return solve(program, rows, any_value=True) is not None


def _filter(conflicting: Callable[[list[int]], bool], owners: list[int]) -> list[int]:
    """Return a subset that conflicts while no part of it does; tries to leave out large pieces before single ones."""
    kept, size = owners, max(len(owners) // 2, 1)
    while True:
        begin = 0
        while begin < len(kept):
            rest = kept[:begin] + kept[begin + size :]
            if conflicting(rest):
                kept = rest
            else:
                begin += size
        if size == 1:
            return kept
        size = max(size // 2, 1)


def _sentence(program: Program, constraint: Constraint) -> str:
    """Return what a constraint asks and what the items could give at most or least."""
    match constraint:
        case Budget(name, fund, amount):
            return f"“{name}”：{fund}合计不超过{Money(amount).text()}。"
        case Quota(name, _, _, low, high, fund):
            return f"“{name}”：{_between(low, high, fund)}，符合的项目共{_supply(program, constraint)}。"
        case Exclusion(name, codes, most):
            return f"“{name}”：{'、'.join(sorted(codes))}中最多选{most}个。"
        case Bundle(name, codes):
            return f"“{name}”：{'、'.join(sorted(codes))}同进同退。"
        case Commitment(_, code):
            item = next(item for item in program.items if item.code == code)
            return f"{code}已定入选，至少需要{_least(item)}。"


def _between(low: Decimal | int | None, high: Decimal | int | None, fund: str | None) -> str:
    def shown(bound: Decimal | int) -> str:
        return f"{bound}个" if fund is None else Money(Decimal(bound)).text()

    ends = [f"不少于{shown(low)}"] if low is not None else []
    ends += [f"不多于{shown(high)}"] if high is not None else []
    return "、".join(ends)


def _supply(program: Program, quota: Quota) -> str:
    counted = [item for item in program.items if quota.holds(item)]
    if quota.fund is None:
        return f"{len(counted)}个"
    most = sum(max(fen(item, level, quota.fund) for level in item.levels) for item in counted)
    return Money(Decimal(most).scaleb(-2)).text()


def _least(item: Item) -> str:
    share = min(level.share for level in item.levels)
    level = next(level for level in item.levels if level.share == share)
    parts = [f"{fund}{Money(Decimal(fen(item, level, fund)).scaleb(-2)).text()}" for fund in sorted(item.costs)]
    return "、".join(parts) or "0元"


def met(program: Program, x: object) -> tuple[str, ...]:
    """Return the names of the constraints that x, as 0 and 1 by column, does not meet; checked in whole numbers."""
    chosen = np.asarray(x, dtype=np.int64)
    broken = {row.owner for row in program.rows if not row.holds(chosen)}
    return tuple(program.constraints[owner].name for owner in sorted(broken) if owner >= 0)
