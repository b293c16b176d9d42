"""Why nothing can be assigned, and the smallest change with which something can.

Without quotas the witness is Hall's: a set of proposals that needs more reviews than those who may judge it can
give, from the minimum cut. Fewest reviews to go without = need less largest flow (Ford, Fulkerson). Raising loads
takes as many steps as reviews are missing: each step adds at most one to the largest flow, and each missing review
is added by one step, as long as its proposal has another expert who may judge it. With quotas an integer program
counts the fewest steps.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse.csgraph import connected_components

from xiandao.engines.assign.core import Core
from xiandao.engines.assign.model import Change, Impossible, Ints, Limits, Relaxation, Shortage
from xiandao.engines.assign.network import Floor
from xiandao.engines.assign.program import relax
from xiandao.engines.assign.rows import build

_LARGE = 400_000
_SHOWN = 8


@dataclass(frozen=True)
class _Side:
    """One side of the problem as rows: what it needs, of whom, and the words for it."""

    name: str
    keys: tuple[str, ...]
    others: tuple[str, ...]
    need: Ints
    cap: Ints
    units: np.ndarray
    fewer: str
    more: str


def explain(core: Core, first: Floor, second: Floor, limits: Limits) -> Impossible:
    """Return what clashes. `first`, `second`: the floors of proposals and of experts, -1 where one cannot be served."""
    sides = []
    if first.value < 0:
        names = ("proposals", core.row_keys, core.column_keys)
        sides.append((_Side(*names, core.least, core.high, core.units, "need_least", "load_most"), first))
    if second.value < 0:
        names = ("experts", core.column_keys, core.row_keys)
        sides.append((_Side(*names, core.low, core.most, core.units.T, "load_least", "need_most"), second))
    shortages = tuple(shortage for side, floor in sides for shortage in _shortages(side, floor))
    if core.groups or len(sides) > 1:
        relaxations = by_program(core, limits)
    else:
        relaxations = tuple(_fewer(*side) for side in sides) + tuple(each for side in sides for each in _more(*side))
    words = "".join(shortage.words for shortage in shortages) + (relaxations[0].words if relaxations else "")
    return Impossible(shortages, relaxations, words)


def _shortages(side: _Side, floor: Floor) -> list[Shortage]:
    """Return the cut, taken apart into pieces that share no expert."""
    rows, columns = np.flatnonzero(floor.rows), np.flatnonzero(floor.columns)
    allowed = side.units[rows] >= 0
    graph = np.zeros((len(rows) + len(columns),) * 2, dtype=bool)
    graph[: len(rows), len(rows) :] = allowed[:, columns]
    _, label = connected_components(sparse.csr_array(graph), directed=False)
    found = []
    for piece in np.unique(label[: len(rows)]):
        mine, theirs = np.flatnonzero(label[: len(rows)] == piece), columns[label[len(rows) :] == piece]
        able = allowed[mine].any(axis=0)
        crossing = int(allowed[mine].sum()) - int(allowed[np.ix_(mine, theirs)].sum())
        needed, available = int(side.need[rows[mine]].sum()), int(side.cap[theirs].sum()) + crossing
        if needed > available:
            keys = tuple(side.keys[row] for row in rows[mine])
            others = tuple(side.others[column] for column in np.flatnonzero(able))
            words = _words(side.name, keys, others, needed, available)
            found.append(Shortage(side.name, keys, others, needed, available, words))
    return found


def _words(side: str, keys: tuple[str, ...], others: tuple[str, ...], needed: int, available: int) -> str:
    if side == "proposals":
        head = f"申报 {_list(keys)} 至少需要 {needed} 人次评审；能评的 {len(others)} 名专家"
        return f"{head}（{_list(others) or '无'}）最多承担 {available} 人次，差 {needed - available} 人次。"
    head = f"专家 {_list(keys)} 至少应评 {needed} 项次；可评的 {len(others)} 项申报"
    return f"{head}最多安排 {available} 项次，差 {needed - available} 项次。"


def _list(keys: tuple[str, ...]) -> str:
    shown = "、".join(keys[:_SHOWN])
    return shown if len(keys) <= _SHOWN else f"{shown} 等 {len(keys)} 个"


def _missing(side: _Side, floor: Floor) -> Ints:
    return side.need - np.bincount(floor.keys // len(side.others), minlength=len(side.keys))


def _fewer(side: _Side, floor: Floor) -> Relaxation:
    """Return the smallest number of reviews to go without."""
    missing = _missing(side, floor)
    changes = tuple(Change(side.fewer, side.keys[row], int(missing[row])) for row in np.flatnonzero(missing))
    return Relaxation(changes, relaxation_words(changes))


def _more(side: _Side, floor: Floor) -> tuple[Relaxation, ...]:
    """Return the smallest raise of what the others give; where too few may be asked at all, their need falls first."""
    missing = _missing(side, floor)
    held: dict[int, set[int]] = {}
    for key in floor.keys:
        held.setdefault(int(key) // len(side.others), set()).add(int(key) % len(side.others))
    raised: Counter[int] = Counter()
    changes = []
    for row in np.flatnonzero(missing):
        mine = held.get(int(row), set())
        free = [int(column) for column in np.flatnonzero(side.units[row] >= 0) if int(column) not in mine]
        order = sorted(free, key=lambda column: (raised[column], -int(side.units[row, column])))
        raised.update(order[: int(missing[row])])
        lacking = int(missing[row]) - len(order)
        if lacking > 0:
            changes.append(Change(side.fewer, side.keys[row], lacking))
    if not raised:
        return ()
    changes += [Change(side.more, side.others[column], by) for column, by in sorted(raised.items())]
    return (Relaxation(tuple(changes), relaxation_words(tuple(changes))),)


def by_program(core: Core, limits: Limits) -> tuple[Relaxation, ...]:
    """Return the fewest steps over all bounds together: needs, loads and quotas. Empty if none was found in time."""
    allowed = core.units >= 0
    whole = np.count_nonzero(allowed) <= _LARGE
    keys = np.flatnonzero(allowed.reshape(-1)) if whole else relax(core, allowed, feasible_only=True).keys
    rows = build(core, keys)
    low = np.flatnonzero(rows.low > 0)
    high = np.array([i for i, where in enumerate(rows.where) if np.isfinite(rows.high[i]) and where[0] != "need"], int)
    count, slack = len(keys), len(low) + len(high)
    sign = np.concatenate([np.ones(len(low)), -np.ones(len(high))])
    extra = sparse.csr_array((sign, (np.concatenate([low, high]), np.arange(slack))), shape=(len(rows.low), slack))
    upper = np.concatenate([np.ones(count), np.full(slack, np.inf)])
    result = milp(
        np.concatenate([np.zeros(count), np.ones(slack)]),
        integrality=np.ones(count + slack),
        bounds=Bounds(np.zeros(count + slack), upper),
        constraints=LinearConstraint(sparse.hstack([rows.matrix, extra], format="csr"), rows.low, rows.high),
        options={"node_limit": limits.nodes, "mip_rel_gap": 0.0},
    )
    if result.x is None:
        return ()
    steps = np.rint(result.x[count:]).astype(int)
    places = np.concatenate([low, high])
    found = [
        _change(core, *rows.where[places[i]], up=bool(i >= len(low)), by=int(steps[i])) for i in np.flatnonzero(steps)
    ]
    return (Relaxation(tuple(found), relaxation_words(tuple(found)), least=bool(whole and result.status == 0)),)


def _change(core: Core, kind: str, place: int, group: int, *, up: bool, by: int) -> Change:
    if kind == "need":
        return Change("need_least", core.row_keys[place], by)
    if kind == "load":
        return Change("load_most" if up else "load_least", core.column_keys[place], by)
    return Change("quota", f"{core.row_keys[place]}：{core.groups[group].label}", by)


_WORDS = {
    "need_least": ("少评", "人次"),
    "load_most": ("多评", "项"),
    "load_least": ("最低评审数降低", "项"),
    "need_most": ("评审人数上限提高", "人"),
    "quota": ("名额放宽", "名"),
}


def relaxation_words(changes: tuple[Change, ...]) -> str:
    """Return one Chinese sentence for a set of changes."""
    parts = []
    for what, (verb, unit) in _WORDS.items():
        mine = [change for change in changes if change.what == what]
        if mine:
            shown = "、".join(f"{change.key} {verb} {change.by} {unit}" for change in mine[:_SHOWN])
            rest = f"等 {len(mine)} 处" if len(mine) > _SHOWN else ""
            parts.append(shown + rest)
    return f"共放宽 {sum(change.by for change in changes)} 处即可分派：{'；'.join(parts)}。"
