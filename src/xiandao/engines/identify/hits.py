"""Terms found in a batch of rows: the longest at each place, what binds each, and which count for nothing and why."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from xiandao.engines.identify import clauses, text
from xiandao.engines.identify.lexicon import Verb
from xiandao.engines.identify.patterns import Patterns
from xiandao.engines.identify.scan import Column, Matches, Scanner, rows_of

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


class Discount(IntEnum):
    """Why a term counts for nothing."""

    NONE = 0
    EXCLUDED = 1
    """It stands in an exclusion (不含…, …除外)."""
    TRAP = 2
    """It is part of a phrase that means something else (加氢精制)."""


class Bond(IntEnum):
    """What the verbs that bind a term say, the strongest of them."""

    NONE = 0
    SELL = 1
    SERVE = 2
    MAKE = 3


@dataclass(frozen=True, slots=True)
class Hits:
    """Terms in rows, by row and place. ``start``, ``end``: characters in the batch; ``first``, ``last``: its clause.

    ``word``: index of the term; ``trap``: index of the trap it stands in, or -1; ``verbs``, ``source``, ``size``: of
    its
    item; ``gap``: characters between the term and the verbs or the end of its item; ``lead``: those before it;
    ``distance``: items between it and its verbs.
    """

    row: Ints
    word: Ints
    start: Ints
    end: Ints
    first: Ints
    last: Ints
    discount: NDArray[np.int8]
    trap: Ints
    verbs: NDArray[np.int16]
    source: NDArray[np.int8]
    size: Ints
    gap: Ints
    lead: Ints
    distance: Ints

    @property
    def bond(self) -> NDArray[np.int8]:
        """The Bond of each hit."""
        made = (self.verbs & int(Verb.MAKE | Verb.DEVELOP)) != 0
        served = (self.verbs & int(Verb.SERVE)) != 0
        sold = (self.verbs & int(Verb.SELL)) != 0
        return np.select([made, served, sold], [Bond.MAKE, Bond.SERVE, Bond.SELL], Bond.NONE).astype(np.int8)


@dataclass(frozen=True, slots=True)
class Found:
    """Terms in a column before their grammar is read: row, word, trap (-1 for none), characters, and the code
    points.
    """

    row: Ints
    word: Ints
    trap: Ints
    start: Ints
    end: Ints
    batch: text.Codes


def find(column: Column, scanner: Scanner, patterns: Patterns, terms: int) -> Found:
    """Return the terms in a column, the longest at each place. Words of ``patterns`` from ``terms`` on are traps."""
    batch = text.codes(column)
    found, row = rows_of(scanner.scan(column.data), column.offsets)
    edged = _edges(found, row, batch, patterns)
    found, row = found.where(edged), row[edged]
    word = patterns.group[found.pattern].astype(np.int64)
    keep, trap = _longest(found, word, terms)
    found = found.where(keep)
    return Found(row[keep], word[keep], trap[keep], batch.at_byte[found.start], batch.at_byte[found.end], batch)


def _edges(found: Matches, row: Ints, batch: text.Codes, patterns: Patterns) -> Bools:
    """Return which matches stand as words of their own where they begin or end with an ASCII letter or digit."""
    letters = _ascii_word(batch.codes)
    start, end = batch.at_byte[found.start], batch.at_byte[found.end]
    before = (start > batch.starts[row]) & letters[start - 1]
    after = (end < batch.starts[row + 1]) & letters[np.minimum(end, len(letters) - 1)]
    return ~(patterns.ascii_start[found.pattern] & before) & ~(patterns.ascii_end[found.pattern] & after)


def _ascii_word(codes: NDArray[np.uint32]) -> Bools:
    narrow = np.where((codes >= 0xFF01) & (codes <= 0xFF5E), codes - 0xFEE0, codes)  # noqa: PLR2004 — full width
    table = np.zeros(128, np.bool_)
    for char in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.":
        table[ord(char)] = True
    return (narrow < 128) & table[np.minimum(narrow, 127)]  # noqa: PLR2004


def _longest(found: Matches, word: Ints, terms: int) -> tuple[Bools, Ints]:
    """Return which matches are terms to keep, and for each the trap it falls into (-1 for none).

    Of terms within terms the longest stays. A term falls into a trap that covers its first character: the trap holds
    it, or
    the trap's last character is the term's first (审核电站 is no 核电).
    """
    count = len(word)
    trapping = word >= terms
    order = np.lexsort((-found.end, found.start))
    start, end = found.start[order], found.end[order]
    keep, trap = ~trapping, np.full(count, -1, np.int64)
    ends = np.where(trapping[order], -1, end)
    keep[order[_reach(ends) >= end]] = False
    ends = np.where(trapping[order], end, -1)
    reach = _reach(ends)
    newest = np.maximum.accumulate(np.where(ends > reach, np.arange(count), 0)) if count else order
    holder = np.append(0, newest[:-1])[:count]
    fallen = reach > start
    trap[order[fallen]] = word[order][holder[fallen]]
    trap[~keep] = -1
    return keep, trap


def _reach(ends: Ints) -> Ints:
    """Return for each match the furthest end among those before it; -1 for none."""
    return np.maximum.accumulate(np.append(-1, ends[:-1])) if len(ends) else ends


def read(found: Found) -> Hits:
    """Read the grammar around each term."""
    flat = text.flatten(found.batch)
    place = flat.inverse[found.start]
    width = found.end - found.start
    whole = (place >= 0) & (flat.inverse[found.end - 1] - place == width - 1)  # no bracket within the term
    row, word, trap, start, end, place = (
        each[whole] for each in (found.row, found.word, found.trap, found.start, found.end, place)
    )
    items = clauses.items(flat)
    item = items.of(place)
    out = clauses.excluded(flat, place)
    discount = np.where(trap >= 0, Discount.TRAP, np.where(out, Discount.EXCLUDED, Discount.NONE)).astype(np.int8)
    first_item = np.searchsorted(items.clause, items.clause[item])
    last_item = np.searchsorted(items.clause, items.clause[item], side="right") - 1
    first = flat.place[items.starts[first_item]] if len(item) else item
    last = _ends(found.batch, flat, items.ends[last_item], row) if len(item) else item
    return Hits(
        row=row,
        word=word,
        start=start,
        end=end,
        first=first,
        last=last,
        discount=discount,
        trap=trap,
        verbs=items.verbs[item],
        source=items.source[item],
        size=items.size[item],
        gap=np.maximum(items.tail[item] - place - width, 0),
        lead=place - items.starts[item],
        distance=items.distance[item],
    )


def _ends(batch: text.Codes, flat: text.Flat, ends: Ints, row: Ints) -> Ints:
    """Return where clauses end in the batch: at the mark that ends them, or with their row or bracket."""
    home = flat.text_of(np.maximum(ends - 1, 0))
    marked = ends < flat.starts[home + 1]
    at_mark = flat.place[np.minimum(ends, len(flat.place) - 1)]
    at_end = np.where(flat.bracketed[home], flat.place[np.maximum(ends - 1, 0)] + 1, batch.starts[row + 1])
    return np.where(marked, at_mark, at_end)
