"""Two flows on a part of the pairs that is enlarged until the answer is proven for all of them.

*Exactness.* A flow that serves everybody on a part of the pairs serves everybody. That nothing better exists is
shown on the whole matrix: for `weakest_floor` by a cut, whose bound counts every pair that crosses it; for
`largest_sum` by linear programming duality: prices are computed from the part, and every pair left out whose price
is right for being chosen is taken in, until there is none (column generation). Sources: Ford, Fulkerson 1956 (cuts);
Ahuja, Magnanti, Orlin, Network Flows, 1993, §9.3 (optimality by reduced costs).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python import max_flow, min_cost_flow

from xiandao.engines.assign.model import Bools, Ints

FAR = 1 << 58
"""The price of what cannot be exchanged for anything: more than any path costs."""
_SPARE = 8
_STRIDE = 7919
_PATIENT = 4
NO_NEED = 2**31 - 1
"""The floor where nothing has to be chosen: above every value."""
_MOST = np.int64(2**31 - 1)
_BLOCK = 512
Matrix = NDArray[np.int32] | NDArray[np.int64]


@dataclass(frozen=True)
class Floor:
    """The highest value at which every row gets its `need` from columns with `cap`; -1 where no value does, NO_NEED
    where no row needs anything.

    `keys`: pairs (row * columns + column) that do it. `rows`, `columns`: the cut that forbids more; `short`: by how
    much the rows of the cut exceed what its columns and the pairs that leave it can give (at -1 only).
    """

    value: int
    keys: Ints
    rows: Bools
    columns: Bools
    short: int


def best_of_rows(values: Matrix, count: int) -> Ints:
    """Return the keys of the `count` largest allowed values of each row (all where there are no more).

    Among equal values at the end each row takes others, so that rows alike do not all lean on the same columns.
    """
    rows, columns = values.shape
    count = min(count, columns)
    found = [np.empty(0, dtype=np.int64)]
    for start in range(0, rows if count > 0 else 0, _BLOCK):
        block = values[start : start + _BLOCK]
        last = np.maximum(np.sort(block, axis=1)[:, columns - count], 0)[:, None]
        above = block > last
        left = count - np.count_nonzero(above, axis=1)
        row, column = np.nonzero(block == last)
        size = np.bincount(row, minlength=len(block))
        place = np.arange(len(row)) - (np.cumsum(size) - size)[row]
        turned = (place + (row + start) * _STRIDE) % np.maximum(size, 1)[row]
        kept = turned < left[row]
        found += [np.flatnonzero(above) + start * columns, (row[kept] + start) * columns + column[kept]]
    return np.unique(np.concatenate(found))


def best_of_both(values: Matrix, of_rows: int, of_columns: int) -> Ints:
    """Return the keys of the largest values of each row and of each column."""
    rows, columns = values.shape
    turned = best_of_rows(cast(Matrix, np.ascontiguousarray(values.T)), of_columns)
    return np.union1d(best_of_rows(values, of_rows), turned % max(rows, 1) * columns + turned // max(rows, 1))


def weakest_floor(values: Matrix, need: Ints, cap: Ints) -> Floor:
    """Return the highest floor at which a flow serves every row. `values`: (R, C), -1 for forbidden pairs.

    Each failure at a floor gives a cut: rows A, columns N. To serve A, as many pairs that leave the cut are needed
    as A's need exceeds N's capacity, say m; no floor above the m-th largest of them can do. The next floor tried is
    that bound, and after a few steps the middle between it and the highest floor known to do, until both meet.
    """
    rows, columns = values.shape
    if not need.any():
        return Floor(NO_NEED, np.empty(0, dtype=np.int64), np.zeros(rows, bool), np.zeros(columns, bool), 0)
    keys = best_of_both(values, int(need.max(initial=0)) + _SPARE, int(cap.max(initial=0)) + _SPARE)
    flat = values.reshape(-1)
    upper = _first_bound(values, keys, need)
    done = Floor(-1, keys[:0], _starved(values, keys, need, upper), np.zeros(columns, bool), 0)
    tries, floor = 0, max(upper, 0)
    while True:
        chosen, full, reach_rows, reach_columns = _spread(keys[flat[keys] >= floor], columns, need, cap)
        if full:
            reached = min(int(flat[chosen].min(initial=upper)), upper)
            done = replace(done, value=reached, keys=chosen)
            if reached >= upper:
                return done
        else:
            missing = int(need[reach_rows].sum() - cap[reach_columns].sum())
            places, leaving = np.flatnonzero(reach_rows), np.flatnonzero(~reach_columns)
            crossing = values[np.ix_(places, leaving)]
            bound = _nth_largest(crossing, missing)
            if bound < 0:
                return _nothing_serves(values, keys, need, cap)
            if bound < upper:
                upper, done = bound, replace(done, rows=reach_rows, columns=reach_columns)
            wanted = np.where(crossing >= min(floor, bound), crossing, -1)
            local = best_of_rows(wanted, int(need[places].max()) + _SPARE)
            keys = np.union1d(keys, places[local // len(leaving)] * columns + leaving[local % len(leaving)])
            if done.value >= upper:
                return done
        tries += 1
        floor = upper if tries < _PATIENT or upper <= done.value + 1 else (upper + max(done.value, 0) + 1) // 2


def _nothing_serves(values: Matrix, keys: Ints, need: Ints, cap: Ints) -> Floor:
    """Return a largest flow over all allowed pairs, and its cut: every allowed pair that leaves the cut is used."""
    columns = values.shape[1]
    while True:
        chosen, _, reach_rows, reach_columns = _spread(keys, columns, need, cap)
        places, leaving = np.flatnonzero(reach_rows), np.flatnonzero(~reach_columns)
        local = best_of_rows(values[np.ix_(places, leaving)], int(need[places].max()) + _SPARE)
        more = np.union1d(keys, places[local // max(len(leaving), 1)] * columns + leaving[local % max(len(leaving), 1)])
        if len(more) == len(keys):
            return Floor(-1, chosen, reach_rows, reach_columns, int(need.sum()) - len(chosen))
        keys = more


def _first_bound(values: Matrix, keys: Ints, need: Ints) -> int:
    """Return the least, over rows, of the value that each row's need-th best pair has."""
    rows, columns = values.shape
    order = np.lexsort((-values.reshape(-1)[keys].astype(np.int64), keys // columns))
    ranked, start = keys[order], np.searchsorted(keys // columns, np.arange(rows + 1))
    wanted = np.flatnonzero(need > 0)
    enough = np.diff(start)[wanted] >= need[wanted]
    if not enough.all():
        return -1
    return int(values.reshape(-1)[ranked[start[wanted] + need[wanted] - 1]].min())


def _starved(values: Matrix, keys: Ints, need: Ints, floor: int) -> Bools:
    """Return the rows that have no more pairs above a floor than they need less one."""
    columns = values.shape[1]
    above = keys[values.reshape(-1)[keys] > floor]
    return np.bincount(above // columns, minlength=len(need)) < need


def _nth_largest(values: Matrix, n: int) -> int:
    flat = values[values >= 0]
    if n > len(flat) or n <= 0:
        return -1
    return int(np.partition(flat, len(flat) - n)[len(flat) - n])


def _spread(keys: Ints, columns: int, need: Ints, cap: Ints) -> tuple[Ints, bool, Bools, Bools]:
    """Return a largest flow over the pairs: those chosen, whether it serves all, and the source's side of its cut."""
    rows = len(need)
    solver = max_flow.SimpleMaxFlow()
    source, sink = rows + columns, rows + columns + 1
    arcs = solver.add_arcs_with_capacity(keys // columns, rows + keys % columns, np.ones(len(keys), dtype=np.int64))
    wanted, able = np.flatnonzero(need > 0), np.flatnonzero(cap > 0)
    solver.add_arcs_with_capacity(np.full(len(wanted), source), wanted, need[wanted])
    solver.add_arcs_with_capacity(rows + able, np.full(len(able), sink), cap[able])
    if len(wanted) == 0:
        return keys[:0], True, np.zeros(rows, bool), np.zeros(columns, bool)
    if len(able) == 0:
        return keys[:0], False, need > 0, np.ones(columns, bool)
    if solver.solve(source, sink) != solver.OPTIMAL:  # pragma: no cover — sizes are far below the solver's
        raise ArithmeticError("max flow failed")
    reach = np.zeros(rows + columns + 2, dtype=bool)
    reach[solver.get_source_side_min_cut()] = True
    chosen = keys[solver.flows(arcs) > 0] if len(keys) else keys
    return chosen, solver.optimal_flow() == int(need.sum()), reach[:rows], reach[rows : rows + columns]


@dataclass(frozen=True)
class Sum:
    """The pairs of a largest sum, and the prices that prove it (`row_price`, `column_price`: distance to the root)."""

    keys: Ints
    row_price: Ints
    column_price: Ints


def largest_sum(values: Matrix, rows: tuple[Ints, Ints], columns: tuple[Ints, Ints], start: Ints) -> Sum:
    """Return the pairs of largest sum. `values`: (R, C), -1 for forbidden. `rows`, `columns`: (least, most) for each.

    `start`: keys among which a choice within all bounds exists.
    """
    of_rows, of_columns = int(rows[0].max(initial=0)), int(columns[1].max(initial=0))
    keys = np.union1d(start, best_of_both(values, of_rows + _SPARE, of_columns + _SPARE))
    while True:
        chosen = _cheapest(values, keys, rows, columns)
        row_price, column_price = _prices(values, keys, chosen, rows, columns)
        more = _worth_taking(values, keys, row_price, column_price)
        if len(more) == 0:
            return Sum(keys[chosen], row_price, column_price)
        keys = np.union1d(keys, more)


def _cheapest(values: Matrix, keys: Ints, rows: tuple[Ints, Ints], columns: tuple[Ints, Ints]) -> Bools:
    """Return which pairs a min-cost flow chooses. The root gives rows what is above their least, and takes columns'."""
    count, width = values.shape
    solver = min_cost_flow.SimpleMinCostFlow()
    tail, head = keys // width, count + keys % width
    pairs = solver.add_arcs_with_capacity_and_unit_cost(
        tail, head, np.ones(len(keys), dtype=np.int64), -values.reshape(-1)[keys].astype(np.int64)
    )
    root = count + width
    loose, free = np.flatnonzero(rows[1] > rows[0]), np.flatnonzero(columns[1] > columns[0])
    for tails, heads, caps in (
        (np.full(len(loose), root), loose, (rows[1] - rows[0])[loose]),
        (count + free, np.full(len(free), root), (columns[1] - columns[0])[free]),
    ):
        solver.add_arcs_with_capacity_and_unit_cost(tails, heads, caps, np.zeros(len(caps), dtype=np.int64))
    balance = int(columns[0].sum() - rows[0].sum())
    supplies = np.concatenate([rows[0], -columns[0], [balance]])
    solver.set_nodes_supplies(np.arange(root + 1), supplies)
    status = solver.solve()
    if status != solver.OPTIMAL:
        raise ArithmeticError(f"min-cost flow ended with status {status}")
    return np.asarray(solver.flows(pairs) > 0) if len(keys) else np.empty(0, dtype=bool)


def _prices(
    values: Matrix, keys: Ints, chosen: Bools, rows: tuple[Ints, Ints], columns: tuple[Ints, Ints]
) -> tuple[Ints, Ints]:
    """Return each node's shortest distance to the root in the residual network (Bellman and Ford, rows and columns in
    turn), FAR where there is no way: with it no residual arc has a negative reduced cost.
    """
    count, width = values.shape
    tail, head, worth = keys // width, keys % width, values.reshape(-1)[keys].astype(np.int64)
    used_rows = np.bincount(tail[chosen], minlength=count)
    used_columns = np.bincount(head[chosen], minlength=width)
    row_price = np.where(used_rows > rows[0], 0, FAR)
    column_price = np.where(used_columns < columns[1], 0, FAR)
    free = np.flatnonzero(~chosen)
    by_row = free  # keys are sorted, so are rows
    taken = np.flatnonzero(chosen)
    by_column = taken[np.argsort(head[taken], kind="stable")]
    row_starts, row_ids = _runs(tail[by_row])
    column_starts, column_ids = _runs(head[by_column])
    while True:
        before = (row_price.copy(), column_price.copy())
        if len(by_row):
            through = np.minimum.reduceat(column_price[head[by_row]] - worth[by_row], row_starts)
            row_price[row_ids] = np.minimum(row_price[row_ids], through)
        if len(by_column):
            back = np.minimum.reduceat(row_price[tail[by_column]] + worth[by_column], column_starts)
            column_price[column_ids] = np.minimum(column_price[column_ids], back)
        if np.array_equal(before[0], row_price) and np.array_equal(before[1], column_price):
            return row_price, column_price


def _runs(ids: Ints) -> tuple[Ints, Ints]:
    """Return where each run of equal ids starts, and its id."""
    starts = np.flatnonzero(np.diff(ids, prepend=-1))
    return starts, ids[starts]


def _worth_taking(values: Matrix, keys: Ints, row_price: Ints, column_price: Ints) -> Ints:
    """Return pairs outside the part that would raise the sum at these prices: the best few of each row."""
    count, width = values.shape
    found = [np.empty(0, dtype=np.int64)]
    for start in range(0, count, _BLOCK):
        block = values[start : start + _BLOCK]
        gain = block + row_price[start : start + _BLOCK, None] - column_price
        gain[block < 0] = -1
        inside = keys[np.searchsorted(keys, start * width) : np.searchsorted(keys, (start + len(block)) * width)]
        gain.reshape(-1)[inside - start * width] = -1
        hot = np.flatnonzero(gain.max(axis=1) > 0)
        wanted = np.clip(gain[hot], 0, _MOST).astype(np.int32)  # only which pairs come first is at stake
        wanted[wanted == 0] = -1
        best = best_of_rows(wanted, _SPARE)
        found.append((hot[best // width] + start) * width + best % width)
    return np.concatenate(found)
