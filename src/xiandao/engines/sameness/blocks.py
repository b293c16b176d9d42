"""Which pairs are worth judging: a search that loses none of those `judge` would keep."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process

from xiandao.engines.sameness.judge import DISTINCTIVE, Prepared

Ints = npt.NDArray[np.int64]
KeyOf = Callable[[Prepared], Hashable]

_BITS = 64
_AT_ONCE = 1 << 18
"""Pairs filtered in one go: a size that stays in the cache of the processor, no limit on results."""
_ROUNDING = 0.01
"""By how much the search asks less than the judge, in hundredths of similarity, against rounding to 32 bits."""


def pairs_to_judge(left: Sequence[Prepared], right: Sequence[Prepared], *, similar_from: float) -> Ints:
    """Return index pairs (i in `left`, j in `right`), shape (m, 2), sorted, each once: all that `judge` could keep.

    Equal identifiers and equal names are joined by hashing. Similar names are sought within one kind and place, and
    within one kind and holder, by a bitmap filter: each character sets one of 64 bits, and two names differ in at least
    popcount(x XOR y) characters; similarity s allows |a| + |b| − 2·LCS ≤ (1 − s)(|a| + |b|). What passes is measured.
    Source: Sandes, Teodoro and Melo, Bitmap filter: speeding up exact set similarity joins with bitwise operations,
    Information Systems 88, 2020.
    """
    width = max(len(right), 1)
    codes = [np.empty(0, dtype=np.int64)]
    for key_of in (_identifier, _distinctive_name, _named(_place), _named(_holder)):
        codes += [_equal(*_numbered(left, right, key_of), width)]
    codes += _similar(left, right, width, similar_from)
    found = np.unique(np.concatenate(codes))
    return np.stack([found // width, found % width], axis=-1)


def _identifier(item: Prepared) -> Hashable:
    return None if item.identifier is None else (item.kind, item.identifier)


def _distinctive_name(item: Prepared) -> Hashable:
    return (item.kind, item.name.full) if len(item.name.full) >= DISTINCTIVE else None


def _place(item: Prepared) -> Hashable:
    return (item.kind, item.place) if item.place and item.name.key else None


def _holder(item: Prepared) -> Hashable:
    return (item.kind, item.holder) if item.holder and item.name.key else None


def _named(block: KeyOf) -> KeyOf:
    """Return a key of block and full name."""

    def key_of(item: Prepared) -> Hashable:
        inside = block(item)
        return None if inside is None else (inside, item.name.full)

    return key_of


def _numbered(left: Sequence[Prepared], right: Sequence[Prepared], key_of: KeyOf) -> tuple[Ints, Ints]:
    """Return the keys of both sides as numbers, equal where keys are equal, −1 where there is none."""
    numbers: dict[Hashable, int] = {None: -1}
    some, others = (
        np.array([numbers.setdefault(key_of(item), len(numbers)) for item in side], dtype=np.int64)
        for side in (left, right)
    )
    return some, others


def _equal(some: Ints, others: Ints, width: int) -> Ints:
    """Return codes i·width + j wherever the numbers are equal and not −1."""
    rows, order = np.flatnonzero(some >= 0), np.argsort(others, kind="stable")
    ordered = others[order]
    begin, end = np.searchsorted(ordered, some[rows], side="left"), np.searchsorted(ordered, some[rows], side="right")
    counts = end - begin
    offsets = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    codes: Ints = np.repeat(rows, counts) * width + order[np.repeat(begin, counts) + offsets]
    return codes


def _similar(left: Sequence[Prepared], right: Sequence[Prepared], width: int, similar_from: float) -> Iterator[Ints]:
    """Yield codes of pairs of similar names within a block."""
    names = [item.name.key for item in left], [item.name.key for item in right]
    some, others = (np.array(side, dtype=object) for side in names)
    some_bits, other_bits = _bitmaps(*names)
    some_room, other_room = (_room(side, similar_from) for side in names)
    for block in (_place, _holder):
        for rows, columns in _blocks(*_numbered(left, right, block)):
            near = np.bitwise_count(some_bits[rows, None] ^ other_bits[columns]) <= (
                some_room[rows, None] + other_room[columns]
            )
            i, j = np.nonzero(near)
            i, j = rows[i], columns[j]
            cutoff = similar_from * 100 - _ROUNDING
            scores = process.cpdist(some[i].tolist(), others[j].tolist(), scorer=fuzz.ratio, score_cutoff=cutoff)
            yield (i * width + j)[scores > 0]


def _bitmaps(*sides: Sequence[str]) -> Iterator[npt.NDArray[np.uint64]]:
    """Yield for each side the bitmaps of its names; the commonest characters have bits far apart."""
    frequency = Counter(character for side in sides for name in side for character in set(name))
    ranked = sorted(frequency, key=lambda character: (-frequency[character], character))
    bits = {character: 1 << rank % _BITS for rank, character in enumerate(ranked)}
    for side in sides:
        maps = []
        for name in side:
            bitmap = 0
            for character in name:
                bitmap |= bits[character]
            maps.append(bitmap)
        yield np.array(maps, dtype=np.uint64)


def _room(names: Sequence[str], similar_from: float) -> npt.NDArray[np.float32]:
    """Return what each name adds to the number of characters in which it may differ from another."""
    lengths = np.array([len(name) for name in names], dtype=np.float32)
    return (1 - similar_from + _ROUNDING / 100) * lengths


def _blocks(some: Ints, others: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Yield (rows, columns) that share a number other than −1, rows cut so that few pairs are made at once."""
    row_order, column_order = np.argsort(some, kind="stable"), np.argsort(others, kind="stable")
    shared = np.intersect1d(some, others)
    ends = []
    for side, order in ((some, row_order), (others, column_order)):
        ends += [np.searchsorted(side[order], shared, side="left"), np.searchsorted(side[order], shared, side="right")]
    for number, row_begin, row_end, begin, end in zip(shared, *ends, strict=True):
        if number < 0:
            continue
        step = max(_AT_ONCE // int(end - begin), 1)
        for first in range(row_begin, row_end, step):
            yield row_order[first : min(first + step, row_end)], column_order[begin:end]
