"""A batch of business scopes as code points, with what stands in brackets taken out into texts of its own."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from xiandao.engines.identify.lexicon import MARKS, Mark
from xiandao.engines.identify.scan import Column

Ints = NDArray[np.int64]
_LONGEST_BRACKET = 150
"""Characters; what is longer is no remark on the word before it but the scope itself in brackets."""


@dataclass(frozen=True, slots=True)
class Codes:
    """Rows of text as code points. ``starts`` has one entry more than rows; ``at_byte`` maps bytes to characters."""

    codes: NDArray[np.uint32]
    starts: Ints
    at_byte: Ints


def codes(column: Column) -> Codes:
    """Return the code points of a column. Raises UnicodeDecodeError where it is not UTF-8."""
    raw = np.frombuffer(column.data, np.uint8)
    text = bytes(column.data).decode("utf-8")
    points = np.frombuffer(text.encode("utf-32-le"), np.uint32)
    at_byte = np.zeros(len(raw) + 1, np.int64)
    np.cumsum((raw & 0xC0) != 0x80, out=at_byte[1:])  # noqa: PLR2004 — continuation bytes of UTF-8
    starts = at_byte[column.offsets]
    at_byte[1:] -= 1
    at_byte[:-1] = at_byte[1:]
    at_byte[-1] = len(points)
    return Codes(points, starts, at_byte)


@dataclass(frozen=True, slots=True)
class Flat:
    """Texts without brackets: first all rows, then the content of each bracket, deeper ones later.

    ``place`` is the position in the batch of every character here, ``inverse`` the way back (-1 for the brackets
    themselves). ``starts`` are the starts of the texts (one entry more than texts), ``host`` the position here of the
    character that stands before the opening bracket of a text (-1 for rows and where nothing stands before it),
    ``bracketed`` whether it is one.
    """

    codes: NDArray[np.uint32]
    place: Ints
    inverse: Ints
    starts: Ints
    host: Ints
    bracketed: NDArray[np.bool_]

    def text_of(self, positions: Ints) -> Ints:
        """Return the text in which each position stands."""
        return np.searchsorted(self.starts, positions, side="right") - 1


def flatten(batch: Codes) -> Flat:
    """Take the brackets out of a batch. A bracket that is never closed, is long or holds clauses is no bracket."""
    opens, closes = _brackets(batch)
    size = len(batch.codes)
    level = np.zeros(size + 1, np.int32)
    level[opens] += 1
    level[closes + 1] -= 1
    level = np.cumsum(level[:-1], dtype=np.int32)
    kept = np.ones(size, np.bool_)
    kept[opens] = False
    kept[closes] = False
    depth = int(level.max()) if size else 0
    layers = [np.flatnonzero(kept & (level == each)) for each in range(depth + 1)]
    place = np.concatenate(layers)
    inverse = np.full(size, -1, np.int64)
    inverse[place] = np.arange(len(place))
    starts, host = _texts(batch, layers, (opens, level[opens], _before(batch, opens, closes)), inverse)
    bracketed = np.arange(len(starts)) >= len(batch.starts) - 1
    return Flat(batch.codes[place], place, inverse, np.append(starts, len(place)), host, bracketed)


def _before(batch: Codes, opens: Ints, closes: Ints) -> Ints:
    """Return the position before each opening bracket, past brackets that stand there already; -1 where a row
    starts.
    """
    opened = np.full(len(batch.codes) + 1, -1, np.int64)
    opened[closes] = opens
    before = opens - 1
    for _ in range(3):
        chained = (before >= 0) & (opened[before] >= 0)
        before = np.where(chained, opened[before] - 1, before)
    row = batch.starts[np.searchsorted(batch.starts, opens, side="right") - 1]
    return np.where(before >= row, before, -1)


def _texts(
    batch: Codes, layers: list[Ints], brackets: tuple[Ints, NDArray[np.int32], Ints], inverse: Ints
) -> tuple[Ints, Ints]:
    """Return start and host of every text: rows, then brackets (where they open, how deep, what is before) by depth."""
    opens, depth, before = brackets
    starts = [np.searchsorted(layers[0], batch.starts[:-1])]
    host = [np.full(len(batch.starts) - 1, -1, np.int64)]
    base = len(layers[0])
    for level in range(1, len(layers)):
        here = depth == level
        starts.append(base + np.searchsorted(layers[level], opens[here]))
        host.append(np.where(before[here] >= 0, inverse[before[here]], -1))
        base += len(layers[level])
    return np.concatenate(starts), np.concatenate(host)


def _brackets(batch: Codes) -> tuple[Ints, Ints]:
    """Return positions of opening and closing brackets that belong together, by opening position."""
    marks = MARKS[batch.codes]
    at = np.flatnonzero((marks == Mark.OPEN) | (marks == Mark.CLOSE))
    opening = marks[at] == Mark.OPEN
    row = np.searchsorted(batch.starts, at, side="right") - 1
    change = np.where(opening, 1, -1)
    running = np.cumsum(change)
    depth = np.where(opening, running, running + 1)
    order = np.lexsort((at, depth, row))
    left, right = order[:-1], order[1:]
    paired = opening[left] & ~opening[right] & (row[left] == row[right]) & (depth[left] == depth[right])
    opens, closes = at[left[paired]], at[right[paired]]
    # a bracket with clauses or a list behind a colon in it is the scope itself, not a remark
    heavy = np.cumsum(np.append(0, (marks == Mark.CLAUSE) | (marks == Mark.COLON)))
    plain = (closes - opens <= _LONGEST_BRACKET) & (heavy[closes] == heavy[opens])
    opens, closes = opens[plain], closes[plain]
    order = np.argsort(opens, kind="stable")
    return opens[order], closes[order]


def take(column: Column, rows: Ints) -> Column:
    """Return some rows of a column in a compact buffer, in the order given."""
    lengths = (column.offsets[1:] - column.offsets[:-1])[rows]
    offsets = np.zeros(len(rows) + 1, np.int64)
    np.cumsum(lengths, out=offsets[1:])
    raw = np.frombuffer(column.data, np.uint8)
    index = np.repeat(column.offsets[rows] - offsets[:-1], lengths) + np.arange(offsets[-1])
    return Column(memoryview(raw[index].tobytes()), offsets)


def slices(column: Column, starts: Ints, ends: Ints) -> pa.StringArray:
    """Return the pieces of a buffer between byte positions as a string array."""
    lengths = ends - starts
    offsets = np.zeros(len(starts) + 1, np.int64)
    np.cumsum(lengths, out=offsets[1:])
    raw = np.frombuffer(column.data, np.uint8)
    index = np.repeat(starts - offsets[:-1], lengths) + np.arange(offsets[-1])
    data = np.ascontiguousarray(raw[index])
    return pa.LargeStringArray.from_buffers(len(starts), pa.py_buffer(offsets), pa.py_buffer(data)).cast(pa.string())
