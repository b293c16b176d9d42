"""Words tried on the register while they are written: how many enterprises have them, how many are new, examples."""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from xiandao.domains.enterprises import lake
from xiandao.domains.enterprises.models import RegisterVersion
from xiandao.engines.identify import text
from xiandao.engines.identify.patterns import Edges, patterns
from xiandao.engines.identify.scan import Column, column, rows_of, scanner

EXAMPLES: Final = 5
MOST_WORDS: Final = 50
SECONDS: Final = 3.0
_AROUND: Final = 40
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Example:
    """An enterprise in whose scope a word stands: what is before it, the word, what is after it."""

    name: str
    before: str
    word: str
    after: str
    fresh: bool


@dataclass(slots=True)
class Tried:
    """What words came to. `rows`: rows looked at; `whole`: whether that was all of them; `hits`: enterprises.

    `fresh`: those in which no other term of the industry stands; `by_word`: enterprises by word.
    """

    rows: int = 0
    whole: bool = True
    hits: int = 0
    fresh: int = 0
    by_word: dict[str, int] = field(default_factory=dict)
    examples: list[Example] = field(default_factory=list)
    seconds: float = 0.0


class _Finder:
    """Finds words in a column: for each row which of them stand there."""

    def __init__(self, words: Iterable[str]) -> None:
        self._patterns = patterns(words)
        self._scanner = scanner(self._patterns.texts) if self._patterns.texts else None
        self._edges = Edges(self._patterns.texts)

    def pairs(self, scopes: Column) -> tuple[Ints, Ints, Ints]:
        """Return row, word and start in bytes of each match."""
        if self._scanner is None:
            empty = np.zeros(0, np.int64)
            return empty, empty, empty
        found, row = rows_of(self._scanner.scan(scopes.data), scopes.offsets)
        free = self._edges.free(found, row, scopes)
        return row[free], self._patterns.group[found.pattern[free]].astype(np.int64), found.start[free]


def try_words(register: RegisterVersion, words: list[str], *, others: Iterable[str], seconds: float = SECONDS) -> Tried:
    """Look for words in the register's scopes. `others` are the other terms of the industry.

    Stops after some seconds and then says of how many rows the numbers are.
    """
    started = time.monotonic()
    tried = Tried(by_word=dict.fromkeys(words, 0))
    finder, rest = _Finder(words), _Finder(dict.fromkeys(others))
    for batch in lake.batches(register):
        _look(batch, finder, rest, words, tried)
        tried.rows += batch.num_rows
        if time.monotonic() - started > seconds:
            tried.whole = tried.rows >= _inside(register)
            break
    tried.examples = sorted(tried.examples, key=lambda each: not each.fresh)[:EXAMPLES]
    tried.seconds = time.monotonic() - started
    return tried


def _inside(register: RegisterVersion) -> int:
    counts = register.counts or {}
    return int(counts.get("rows", register.rows)) - int(counts.get("outside", 0))


def _look(batch: pa.RecordBatch, finder: _Finder, rest: _Finder, words: list[str], tried: Tried) -> None:
    scopes = column(batch.column("scope"))
    row, word, start = finder.pairs(scopes)
    if not len(row):
        return
    hits = np.unique(row)
    for each, count in zip(
        *np.unique(np.unique(np.stack([row, word], 1), axis=0)[:, 1], return_counts=True), strict=True
    ):
        tried.by_word[words[int(each)]] += int(count)
    known, _word, _start = rest.pairs(text.take(scopes, hits))
    fresh = np.setdiff1d(np.arange(len(hits)), known)
    tried.hits += len(hits)
    tried.fresh += len(fresh)
    wanted = [(hits[place], True) for place in fresh[:EXAMPLES]]
    if len(tried.examples) < EXAMPLES:
        wanted += [(place, False) for place in hits[:EXAMPLES] if place not in hits[fresh]]
    if sum(each.fresh for each in tried.examples) < EXAMPLES:
        first = {int(r): (int(w), int(s)) for r, w, s in zip(row[::-1], word[::-1], start[::-1], strict=True)}
        names = batch.column("name")
        for place, new in wanted:
            number, at = first[int(place)]
            raw = bytes(scopes.data[scopes.offsets[place] : scopes.offsets[place + 1]])
            at -= int(scopes.offsets[place])
            tried.examples.append(_example(str(names[int(place)]), (raw[:at], raw[at:]), len(words[number]), new=new))


def _example(name: str, scope: tuple[bytes, bytes], length: int, *, new: bool) -> Example:
    """Return an example from the bytes before a word and from it on; `length` of the word in characters."""
    before, after = (part.decode(errors="ignore") for part in scope)
    cut = ("…" if len(before) > _AROUND else "") + before[-_AROUND:]
    rest = after[length : length + _AROUND] + ("…" if len(after) > length + _AROUND else "")
    return Example(name, cut, after[:length], rest, new)
