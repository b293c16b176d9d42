"""Mode WEAKEST with bounds on rows and columns alone: two flows, and a third that breaks ties by the seed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xiandao.engines.assign.core import Core, noise
from xiandao.engines.assign.model import FORBIDDEN, Bools, Ints
from xiandao.engines.assign.network import NO_NEED, Floor, largest_sum, weakest_floor

_BITS = 32
_BLOCK = 512


@dataclass(frozen=True)
class Found:
    """Chosen pairs as keys (row * columns + column), the floor they keep, and the cut that forbids a higher one."""

    keys: Ints
    floor: int
    rows: Bools
    columns: Bools


def floors(core: Core) -> tuple[Floor, Floor]:
    """Return the highest floor for the least needs of proposals, and that for the least loads of experts.

    The lower of the two is the highest floor for both at once: where one set of pairs serves all rows within the
    columns' capacities and another all columns within the rows', a part of their union does both (Mendelsohn, Dulmage,
    Some generalizations of the problem of distinct representatives, 1958; for capacities by Hoffman's theorem 1960).
    """
    least, most, low, high = (np.maximum(each, 0) for each in (core.least, core.most, core.low, core.high))
    return weakest_floor(core.units, least, high), weakest_floor(np.ascontiguousarray(core.units.T), low, most)


def joint(core: Core, first: Floor, second: Floor) -> tuple[int, Ints, Bools, Bools]:
    """Return the floor for both sides, pairs among which a choice within all bounds exists, and the cut."""
    rows, columns = core.units.shape
    turned = (second.keys % rows) * columns + second.keys // rows
    keys = np.union1d(first.keys, turned)
    if first.value == second.value == NO_NEED:
        return 0, keys, first.rows, first.columns
    if second.value < first.value:
        return second.value, keys, second.columns, second.rows
    return first.value, keys, first.rows, first.columns


def solve(core: Core, floor: int, start: Ints) -> Ints:
    """Return the keys of the largest sum with no pair below the floor; among equal sums the one the seed chooses.

    *Ties.* By complementary slackness every assignment of largest sum uses all pairs whose reduced cost is in
    favour, none whose reduced cost is against, and any whose reduced cost is zero. A second flow chooses among these
    alone the largest sum of numbers drawn from the seed (`noise`), so that no tie is broken at the cost of a
    millionth of suitability. With 32 bits two choices have equal sums with a chance below pairs / 2**32 (isolation
    lemma, Mulmuley, Vazirani, Vazirani 1987): the answer depends on problem and seed, not on order, solver or machine.
    """
    values = np.where(core.units >= floor, core.units, np.int32(FORBIDDEN))
    best = largest_sum(values, (core.least, core.most), (core.low, core.high), start)
    rows, width = values.shape
    tail, head = best.keys // width, best.keys % width
    gain = values.reshape(-1)[best.keys] + best.row_price[tail] - best.column_price[head]
    forced = best.keys[gain > 0]
    face = _face(values, best.row_price, best.column_price)
    open_keys = np.union1d(face, best.keys[gain == 0])
    if len(open_keys) == np.count_nonzero(gain == 0):
        return best.keys
    done = np.bincount(forced // width, minlength=rows), np.bincount(forced % width, minlength=width)
    least = np.where(best.row_price < 0, core.most, core.least) - done[0]
    most = np.where(best.row_price > 0, core.least, core.most) - done[0]
    low = np.where(best.column_price > 0, core.high, core.low) - done[1]
    high = np.where(best.column_price < 0, core.low, core.high) - done[1]
    lots = np.full(values.shape, FORBIDDEN, dtype=np.int64)
    lots.reshape(-1)[open_keys] = noise(core, open_keys // width, open_keys % width, _BITS)
    chosen = largest_sum(lots, (least, most), (low, high), best.keys[gain == 0])
    return np.union1d(forced, chosen.keys)


def _face(values: Ints, row_price: Ints, column_price: Ints) -> Ints:
    """Return the keys of all pairs whose reduced cost is zero."""
    width = values.shape[1]
    found = [np.empty(0, dtype=np.int64)]
    for start in range(0, len(values), _BLOCK):
        block = values[start : start + _BLOCK]
        gain = block + row_price[start : start + _BLOCK, None] - column_price
        found.append(np.flatnonzero(((gain == 0) & (block >= 0)).reshape(-1)) + start * width)
    return np.concatenate(found)
