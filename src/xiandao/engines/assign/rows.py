"""The rows of the integer program over a part of the pairs, and what their prices ask of a pair outside the part."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from xiandao.engines.assign.core import Core, Group
from xiandao.engines.assign.model import UNIT, Floats, Ints

_OPEN = np.inf


@dataclass(frozen=True)
class Rows:
    """Rows a·x between `low` and `high`. `where`: (kind, row or column, group) of each, kind one of need, load, group,
    least_share, most_share, worst.
    """

    matrix: sparse.csr_array
    low: Floats
    high: Floats
    where: tuple[tuple[str, int, int], ...]


def build(core: Core, keys: Ints, *, worst: bool = False) -> Rows:
    """Return the rows over the pairs `keys`; with `worst` a last variable z that no proposal's total may fall below."""
    count, width = core.units.shape
    row, column = keys // width, keys % width
    blocks = [
        sparse.csr_array((np.ones(len(keys)), (row, np.arange(len(keys)))), shape=(count, len(keys))),
        sparse.csr_array((np.ones(len(keys)), (column, np.arange(len(keys)))), shape=(width, len(keys))),
    ]
    low = [core.least.astype(float), core.low.astype(float)]
    high = [core.most.astype(float), core.high.astype(float)]
    where = [("need", each, -1) for each in range(count)] + [("load", each, -1) for each in range(width)]
    for index, group in enumerate(core.groups):
        for kind, within, whole, least, most in _of_group(core, group):
            inside = np.zeros(width, dtype=bool)
            inside[group.columns] = True
            weight = np.where(inside[column], within, whole)
            bound = np.flatnonzero(group.rows & _may_bind(row, weight, least, most))
            place = np.full(count, -1)
            place[bound] = np.arange(len(bound))
            used = np.flatnonzero((weight != 0) & (place[row] >= 0))
            shape = (len(bound), len(keys))
            blocks.append(sparse.csr_array((weight[used].astype(float), (place[row[used]], used)), shape=shape))
            low.append(least[bound])
            high.append(most[bound])
            where += [(kind, int(each), index) for each in bound]
    if worst:
        worth = core.units.reshape(-1)[keys] / UNIT
        blocks.append(sparse.csr_array((worth, (row, np.arange(len(keys)))), shape=(count, len(keys))))
        low.append(-fixed_totals(core) / UNIT)
        high.append(np.full(count, _OPEN))
        where += [("worst", each, -1) for each in range(count)]
    matrix = sparse.vstack(blocks, format="csr")
    if worst:
        last = np.zeros((matrix.shape[0], 1))
        last[-count:] = -1
        matrix = sparse.hstack([matrix, sparse.csr_array(last)], format="csr")
    return Rows(matrix, np.concatenate(low), np.concatenate(high), tuple(where))


def _of_group(core: Core, group: Group) -> list[tuple[str, int, int, Floats, Floats]]:
    """Return (kind, weight of members, weight of others, least, most by row) for a group's count and shares."""
    count = len(core.least)
    member = np.isin(core.fixed[:, 1], group.columns)
    there = np.bincount(core.fixed[member, 0], minlength=count)
    whole = np.bincount(core.fixed[:, 0], minlength=count)
    nothing = np.full(count, _OPEN)
    most = nothing if group.most is None else np.maximum(group.most - there, -1).astype(float)
    found = [("group", 1, 0, np.maximum(group.least - there, 0).astype(float), most)]
    for kind, share in (("least_share", group.least_share), ("most_share", group.most_share)):
        if share is not None:
            n, d = share
            rest = (n * whole - d * there).astype(float)
            ends = (rest, nothing) if kind == "least_share" else (-nothing, rest)
            found.append((kind, d - n, -n, *ends))
    return found


def _may_bind(row: Ints, weight: Ints, least: Floats, most: Floats) -> np.ndarray:
    """Return the rows whose bound some choice of pairs could break."""
    count = len(least)
    above = np.bincount(row, weights=np.maximum(weight, 0), minlength=count)
    below = np.bincount(row, weights=np.minimum(weight, 0), minlength=count)
    return np.asarray((above > most) | (below < least))


def fixed_totals(core: Core) -> Ints:
    """Return the millionths that fixed pairs give each proposal."""
    return np.bincount(core.fixed[:, 0], weights=core.fixed_units, minlength=len(core.least)).astype(np.int64)


def asked(core: Core, rows: Rows, duals: Floats) -> tuple[Floats, Floats]:
    """Return what the prices of the rows ask of each pair, (P, E), and the price of each proposal's total, (P,).

    A pair outside the part could improve a maximum if its worth exceeds what is asked. A row that is not in the
    program because the part cannot break it has price 0, which is a price for the whole too.
    """
    count, width = core.units.shape
    table = np.zeros((count, width))
    total = np.zeros(count)
    table += duals[:count, None] + duals[count : count + width]
    for place in np.flatnonzero(duals[count + width :]) + count + width:
        kind, row, index = rows.where[place]
        if kind == "worst":
            total[row] = -duals[place]
            continue
        group = core.groups[index]
        if kind == "group":
            table[row, group.columns] += duals[place]
        else:
            n, d = (group.least_share if kind == "least_share" else group.most_share) or (0, 1)
            table[row] -= n * duals[place]
            table[row, group.columns] += d * duals[place]
    return table, total
