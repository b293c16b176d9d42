"""Finds many byte patterns in Arrow's own text buffer in one native pass, and says in which row each match stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import ahocorasick_rs
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

try:
    import hyperscan
except ImportError:  # no wheel for this machine: the automaton finds the same matches
    hyperscan = None  # type: ignore[assignment]

Ints = NDArray[np.int64]
Engine = Literal["auto", "hyperscan", "automaton"]
_BLOCK = 1 << 30
"""Hyperscan takes blocks of less than 4 GB; Arrow's string columns hold less than 2 GB anyway."""


@dataclass(frozen=True, slots=True)
class Matches:
    """Matches in a buffer: pattern index and byte range, ordered by start, then end. Overlapping ones are all there."""

    pattern: Ints
    start: Ints
    end: Ints

    def where(self, keep: NDArray[np.bool_]) -> "Matches":
        """Return the matches for which ``keep`` is true."""
        return Matches(self.pattern[keep], self.start[keep], self.end[keep])


class Scanner(Protocol):
    """Finds all occurrences of its patterns in a buffer. One scanner serves one thread at a time."""

    name: str

    def scan(self, data: memoryview) -> Matches:
        """Return every match in ``data``, overlapping ones too."""
        ...

    def clone(self) -> "Scanner":
        """Return a scanner of the same patterns for another thread."""
        ...


def scanner(patterns: Sequence[bytes], *, engine: Engine = "auto") -> Scanner:
    """Return the fastest scanner that this machine has, or the one asked for.

    Raises ValueError for an empty list or pattern, RuntimeError where Hyperscan is asked for and not installed.
    """
    if not patterns or not all(patterns):
        raise ValueError("没有可以查找的词")
    if engine == "hyperscan" and hyperscan is None:
        raise RuntimeError("这台机器没有 Hyperscan")
    if engine == "automaton" or hyperscan is None:
        return AutomatonScanner(patterns)
    return HyperscanScanner(patterns)


class HyperscanScanner:
    """Hyperscan's literal matcher: about a gigabyte a second and core."""

    name = "hyperscan"

    def __init__(self, patterns: Sequence[bytes], *, database: "hyperscan.Database | None" = None) -> None:
        """Compile the patterns, or share a compiled ``database`` with scratch space of its own."""
        self._patterns = patterns
        self._lengths = np.fromiter(map(len, patterns), np.int64, len(patterns))
        if database is None:
            database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
            count = len(patterns)
            database.compile(
                expressions=list(patterns), ids=list(range(count)), elements=count, flags=[0] * count, literal=True
            )
        self._database = database
        self._scratch = hyperscan.Scratch(database)

    def clone(self) -> "HyperscanScanner":
        """Return a scanner over the same compiled database."""
        return HyperscanScanner(self._patterns, database=self._database)

    def scan(self, data: memoryview) -> Matches:
        """Return every match in ``data``."""
        if len(data) >= _BLOCK * 3:
            raise ValueError("一次扫描的文本不超过 3 GB")
        found: list[int] = []
        push = found.extend

        def keep(pattern: int, _start: int, end: int, _flags: int, _context: object) -> None:
            push((pattern, end))

        self._database.scan(data, match_event_handler=keep, scratch=self._scratch)  # type: ignore[type-var]
        pairs = np.array(found, np.int64).reshape(-1, 2)
        return _ordered(pairs[:, 0], pairs[:, 1] - self._lengths[pairs[:, 0]], pairs[:, 1])


class AutomatonScanner:
    """Aho–Corasick as a DFA: installs everywhere, finds the same matches, about a third of Hyperscan's speed."""

    name = "automaton"

    def __init__(self, patterns: Sequence[bytes], *, automaton: ahocorasick_rs.BytesAhoCorasick | None = None) -> None:
        """Build the automaton, or share one."""
        self._patterns = patterns
        self._automaton = automaton or ahocorasick_rs.BytesAhoCorasick(
            list(patterns), implementation=ahocorasick_rs.Implementation.DFA
        )

    def clone(self) -> "AutomatonScanner":
        """Return a scanner over the same automaton, which is read only."""
        return AutomatonScanner(self._patterns, automaton=self._automaton)

    def scan(self, data: memoryview) -> Matches:
        """Return every match in ``data``."""
        found = self._automaton.find_matches_as_indexes(data, overlapping=True)
        triples = np.array(found, np.int64).reshape(-1, 3)
        return _ordered(triples[:, 0], triples[:, 1], triples[:, 2])


def _ordered(pattern: Ints, start: Ints, end: Ints) -> Matches:
    order = np.lexsort((end, start))
    return Matches(pattern[order], start[order], end[order])


@dataclass(frozen=True, slots=True)
class Column:
    """A text column as Arrow keeps it: one buffer, and where each row starts in it (one more entry than rows)."""

    data: memoryview
    offsets: Ints

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.offsets) - 1

    def lengths(self) -> Ints:
        """Return how many bytes each row has."""
        return self.offsets[1:] - self.offsets[:-1]


def column(array: pa.Array) -> Column:
    """Return the buffer and offsets of a string array without copying the text. A null row is empty.

    Raises TypeError for arrays of another type.
    """
    if pa.types.is_string(array.type):
        width: np.dtype[np.signedinteger[Any]] = np.dtype(np.int32)
    elif pa.types.is_large_string(array.type):
        width = np.dtype(np.int64)
    else:
        raise TypeError(f"文本列应为字符串，实为 {array.type}")
    _, offsets, data = array.buffers()
    if not len(array) or offsets is None or data is None:
        return Column(memoryview(b""), np.zeros(len(array) + 1, np.int64))
    ends = np.frombuffer(offsets, width, len(array) + 1, array.offset * width.itemsize).astype(np.int64)
    return Column(memoryview(data).cast("B")[ends[0] : ends[-1]], ends - ends[0])


def rows_of(found: Matches, offsets: Ints) -> tuple[Matches, Ints]:
    """Return the matches that lie within one row, and the row of each; those over a boundary are dropped."""
    rows = np.searchsorted(offsets, found.start, side="right") - 1
    inside = found.end <= offsets[rows + 1] if len(rows) else np.zeros(0, np.bool_)
    return found.where(inside), rows[inside]
