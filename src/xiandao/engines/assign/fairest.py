"""Mode FAIREST: the largest total of the worst-served proposal, between an assignment and its linear-programming
bound.

The problem is NP-hard (it holds the Santa Claus problem: Bansal, Sviridenko, STOC 2006). Small ones are searched
whole. For the others: from the best of the starts given, exchanges that lift the worst proposal above where it was
and leave no other one there (each lowers the number of proposals at or below that total, so they end); where no
single exchange does, an integer program over the worst proposal and those that hold what it lacks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from xiandao.engines.assign.core import Core, Group
from xiandao.engines.assign.model import UNIT, Bools, Ints, Limits
from xiandao.engines.assign.network import best_of_rows
from xiandao.engines.assign.program import relax, search, worst_of
from xiandao.engines.assign.rows import fixed_totals

_WHOLE = 4000
"""So many pairs are searched whole at once."""
_AROUND = 24
_CHOICES = 16
_SHARE = 20
"""Each rebuilding may search so small a part of the nodes."""


@dataclass(frozen=True)
class Fair:
    """Chosen pairs, and the bound (millionths) on the worst proposal's total; `proven`: the pairs reach it or were
    searched whole.
    """

    keys: Ints
    bound: int
    proven: bool


def fairest(core: Core, starts: Sequence[Ints], limits: Limits) -> Fair:
    """Return the fairest assignment found from `starts`, each of which keeps all bounds."""
    allowed = core.units >= 0
    bound = int(np.floor(relax(core, allowed, worst=True).value * UNIT + 0.01))
    best = max(starts, key=lambda keys: worst_of(core, keys))
    complete = False
    if np.count_nonzero(allowed) <= _WHOLE and worst_of(core, best) < bound:
        found = search(core, np.flatnonzero(allowed.reshape(-1)), limits, worst=True)
        complete = found.complete
        if found.keys is not None and worst_of(core, found.keys) > worst_of(core, best):
            best = found.keys
        bound = min(bound, int(np.floor(found.bound * UNIT + 0.5))) if found.keys is not None else bound
    rounds = 0
    while not complete and worst_of(core, best) < bound and rounds < limits.rounds:
        if not core.groups:
            best = _exchange(core, best)
        better = _rebuild(core, best, replace(limits, nodes=max(1, limits.nodes // _SHARE)))
        if better is None:
            break
        best, rounds = better, rounds + 1
    reached = worst_of(core, best)
    return Fair(best, max(bound, reached), complete or reached >= bound)


def _exchange(core: Core, keys: Ints) -> Ints:
    """Return the choice after exchanges that each lift the worst proposal; the last one cannot be lifted by one."""
    width = core.units.shape[1]
    held = np.zeros(core.units.shape, dtype=bool)
    held.reshape(-1)[keys] = True
    totals = np.bincount(keys // width, core.units.reshape(-1)[keys], len(core.least)).astype(np.int64)
    totals += fixed_totals(core)
    used = np.bincount(keys % width, minlength=width)
    state = _State(held, totals, used)
    row, column = np.divmod(np.flatnonzero(held.reshape(-1)), width)
    while True:
        worst = int(totals.argmin())
        move = _best_move(core, state, (row, column), worst)
        if move is None:
            return np.flatnonzero(held.reshape(-1))
        gives, other, takes = move
        state.swap(core, worst, gives, takes)
        mine = np.flatnonzero((row == worst) & (column == gives))
        if other >= 0:
            state.swap(core, other, takes, gives)
            column[np.flatnonzero((row == other) & (column == takes))] = gives
        column[mine] = takes


@dataclass(frozen=True)
class _State:
    """A choice as a table, with each row's total and each column's load; changed in place."""

    held: Bools
    totals: Ints
    used: Ints

    def swap(self, core: Core, row: int, gives: int, takes: int) -> None:
        """Let a row give one column and take another."""
        self.held[row, gives], self.held[row, takes] = False, True
        self.totals[row] += int(core.units[row, takes]) - int(core.units[row, gives])
        self.used[gives] -= 1
        self.used[takes] += 1


def _best_move(core: Core, state: _State, pairs: tuple[Ints, Ints], worst: int) -> tuple[int, int, int] | None:
    """Return (expert given, proposal it goes to or -1, expert taken) that leaves both highest; None if none lifts."""
    held, totals, used, units = state.held, state.totals, state.used, core.units
    before = int(totals[worst])
    row, column = pairs
    best, found = before, None
    spare = np.flatnonzero((used < core.high) & ~held[worst] & (units[worst] >= 0))
    for gives in np.flatnonzero(held[worst]):
        rest = before - int(units[worst, gives])
        if len(spare) and used[gives] > core.low[gives]:
            takes = spare[units[worst, spare].argmax()]
            if rest + int(units[worst, takes]) > best:
                best, found = rest + int(units[worst, takes]), (int(gives), -1, int(takes))
        open_to = ~held[worst, column] & (units[worst, column] >= 0) & ~held[row, gives] & (units[row, gives] >= 0)
        if not open_to.any():
            continue
        mine = rest + units[worst, column].astype(np.int64)
        theirs = totals[row] - units[row, column] + units[row, gives]
        score = np.where(open_to, np.minimum(mine, theirs), -1)
        place = int(score.argmax())
        if score[place] > best:
            best, found = int(score[place]), (int(gives), int(row[place]), int(column[place]))
    return found


def _rebuild(core: Core, keys: Ints, limits: Limits) -> Ints | None:
    """Return the choice after the worst proposal and those around it were assigned anew; None if that lifts nothing."""
    width = core.units.shape[1]
    row, column = keys // width, keys % width
    totals = np.bincount(row, core.units.reshape(-1)[keys], len(core.least)).astype(np.int64) + fixed_totals(core)
    worst = int(totals.argmin())
    wish = np.where(core.units[worst, column] >= 0, core.units[worst, column] + (totals[row] - totals[worst]), -1)
    order = row[np.argsort(-wish, kind="stable")]
    _, first = np.unique(order, return_index=True)
    around = order[np.sort(first)][:_AROUND]
    rows = np.unique(np.append(around, worst))
    inside = np.isin(row, rows)
    kept, released = keys[~inside], keys[inside]
    used = np.bincount(kept % width, minlength=width)
    part = _part(core, rows, used)
    place = np.searchsorted(rows, released // width) * width + released % width
    choices = np.where(part.high > 0, part.units, -1)
    found = search(part, np.union1d(best_of_rows(choices, _CHOICES), place), limits, worst=True)
    if found.keys is None or worst_of(part, found.keys) <= int(totals[worst]):
        return None
    return np.union1d(kept, rows[found.keys // width] * width + found.keys % width)


def _part(core: Core, rows: Ints, used: Ints) -> Core:
    """Return the problem of some rows, where experts have what the others leave them."""
    fixed = np.isin(core.fixed[:, 0], rows)
    moved = core.fixed[fixed].copy()
    moved[:, 0] = np.searchsorted(rows, moved[:, 0])
    groups: tuple[Group, ...] = tuple(replace(group, rows=group.rows[rows]) for group in core.groups)
    return replace(
        core,
        units=np.ascontiguousarray(core.units[rows]),
        least=core.least[rows],
        most=core.most[rows],
        low=np.maximum(core.low - used, 0),
        high=core.high - used,
        fixed=moved,
        fixed_units=core.fixed_units[fixed],
        groups=groups,
        row_keys=tuple(core.row_keys[row] for row in rows),
    )
