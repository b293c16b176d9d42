"""A problem as plain integer arrays: rows are proposals, columns experts, both sorted by id."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xiandao.engines.assign.model import FORBIDDEN, UNIT, Bools, Ints, Problem, pairs_of
from xiandao.kernel import InvalidValue


@dataclass(frozen=True)
class Group:
    """Experts (columns) of whom each proposal in `rows` has from `least` to `most`, and such a share of its experts.

    A share is (numerator, denominator); None binds nothing.
    """

    label: str
    columns: Ints
    rows: Bools
    least: int
    most: int | None
    least_share: tuple[int, int] | None
    most_share: tuple[int, int] | None


@dataclass(frozen=True)
class Core:
    """`units`: (P, E) int32 in millionths, FORBIDDEN for pairs that are forbidden, fixed, or below the floor.

    `least`, `most`: what is still needed by proposals, `low`, `high`: still to be given by experts, after fixed pairs.
    `row_order`, `column_order`: place of each row and column in the problem. `fixed`: (n, 2) rows and columns.
    """

    units: NDArray[np.int32]
    least: Ints
    most: Ints
    low: Ints
    high: Ints
    row_order: Ints
    column_order: Ints
    fixed: Ints
    fixed_units: Ints
    groups: tuple[Group, ...]
    seed: str
    row_keys: tuple[str, ...]
    column_keys: tuple[str, ...]


def core_of(problem: Problem) -> Core:
    """Return a problem as arrays. Rows and columns are sorted by id, so that no answer depends on the order given."""
    row_order = np.array(sorted(range(len(problem.proposals)), key=problem.proposals.__getitem__), dtype=np.int64)
    column_order = np.array(sorted(range(len(problem.experts)), key=problem.experts.__getitem__), dtype=np.int64)
    row_keys = tuple(problem.proposals[row] for row in row_order)
    column_keys = tuple(problem.experts[column] for column in column_order)
    rows = {key: row for row, key in enumerate(row_keys)}
    columns = {key: column for column, key in enumerate(column_keys)}
    scaled = np.take(problem.suitability[row_order], column_order, axis=1) * UNIT
    np.rint(scaled, out=scaled)
    forbidden = np.isnan(scaled)
    scaled[forbidden] = FORBIDDEN
    whole = np.ascontiguousarray(scaled.astype(np.int32))
    fixed = np.array([(rows[p], columns[e]) for p, e in sorted(problem.fixed)], dtype=np.int64).reshape(-1, 2)
    fixed_units = whole[fixed[:, 0], fixed[:, 1]].astype(np.int64)
    if problem.floor > 0:
        whole[whole < round(problem.floor * UNIT)] = FORBIDDEN
    for pair in (*problem.forbidden, *problem.fixed):
        whole[rows[pair[0]], columns[pair[1]]] = FORBIDDEN
    need, load = pairs_of(problem.need, len(rows))[row_order], pairs_of(problem.load, len(columns))[column_order]
    done = np.bincount(fixed[:, 0], minlength=len(rows))
    given = np.bincount(fixed[:, 1], minlength=len(columns))
    over = np.flatnonzero(need[:, 1] < done), np.flatnonzero(load[:, 1] < given)
    for places, keys, what in ((over[0], row_keys, "申报"), (over[1], column_keys, "专家")):
        if len(places):
            shown = "、".join(keys[place] for place in places)
            raise InvalidValue(shown, "指定的配对不超过上限", "请减少指定或提高上限", f"指定配对的{what}")
    return Core(
        whole,
        np.maximum(need[:, 0] - done, 0),
        need[:, 1] - done,
        np.maximum(load[:, 0] - given, 0),
        load[:, 1] - given,
        row_order,
        column_order,
        fixed,
        fixed_units,
        _groups(problem, row_keys, column_order),
        problem.seed,
        row_keys,
        column_keys,
    )


def _groups(problem: Problem, row_keys: tuple[str, ...], column_order: Ints) -> tuple[Group, ...]:
    everywhere = np.ones(len(row_keys), dtype=bool)
    groups = [
        Group(f"单位“{name}”", columns, everywhere, 0, 1, None, None)
        for name, columns in _members(problem.employers, column_order)
        if len(columns) > 1
    ]
    if problem.city_most is not None or problem.city_share is not None:
        share = None if problem.city_share is None else problem.city_share.as_integer_ratio()
        groups += [
            Group(f"{name}的专家", columns, everywhere, 0, problem.city_most, None, share)
            for name, columns in _members(problem.cities, column_order)
            if problem.city_share is not None or len(columns) > (problem.city_most or 0)
        ]
    for quota in problem.quotas:
        bound = everywhere if quota.proposals is None else np.array([key in quota.proposals for key in row_keys])
        chosen = [column for column, place in enumerate(column_order) if quota.kind in problem.kinds[place]]
        low = quota.least_share.as_integer_ratio() if quota.least_share > 0 else None
        high = None if quota.most_share is None else quota.most_share.as_integer_ratio()
        columns = np.array(chosen, dtype=np.int64)
        groups.append(Group(f"“{quota.kind}”类专家", columns, bound, quota.least, quota.most, low, high))
    return tuple(groups)


def _members(values: tuple[str, ...], column_order: Ints) -> list[tuple[str, Ints]]:
    """Return the columns of each value that several share; "" is unknown and shared by nobody."""
    found: dict[str, list[int]] = {}
    for column, place in enumerate(column_order):
        if values and values[place]:
            found.setdefault(values[place], []).append(column)
    return [(name, np.array(columns, dtype=np.int64)) for name, columns in sorted(found.items())]


def noise(core: Core, rows: Ints, columns: Ints, bits: int) -> Ints:
    """Return numbers in [1, 2**bits] for pairs, by seed and ids alone: SplitMix64's finaliser of the exclusive or of
    the first 8 bytes (big-endian) of SHA-256 of `seed LF p LF proposal` and of `seed LF e LF expert`.

    Source: Steele, Lea, Flood, Fast splittable pseudorandom number generators, OOPSLA 2014.
    """
    mine = np.array([_word(f"{core.seed}\np\n{key}") for key in core.row_keys], dtype=np.uint64)
    other = np.array([_word(f"{core.seed}\ne\n{key}") for key in core.column_keys], dtype=np.uint64)
    z = mine[rows] ^ other[columns]
    z ^= z >> np.uint64(30)
    z *= np.uint64(0xBF58476D1CE4E5B9)
    z ^= z >> np.uint64(27)
    z *= np.uint64(0x94D049BB133111EB)
    z ^= z >> np.uint64(31)
    return (z >> np.uint64(64 - bits)).astype(np.int64) + 1


def _word(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
