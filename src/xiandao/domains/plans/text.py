"""The published text cut so that every piece leads to the item read from it. Pure: strings and spans."""

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_SENTENCE = re.compile(r"[^。；;！？]*[。；;！？]?")


@dataclass(frozen=True, slots=True)
class Mark:
    """An item's place in the text: [start, end), what it is, where it is described."""

    start: int
    end: int
    kind: str
    key: str
    url: str
    title: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text within one sentence with the same innermost item. `start` is its place in the source."""

    start: int
    text: str
    mark: Mark | None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the source as pieces, with the items that begin on it."""

    start: int
    pieces: tuple[Piece, ...]
    begins: tuple[Mark, ...]
    heading: str = ""


def marked_lines(text: str, marks: Iterable[Mark]) -> list[Line]:
    """Return the non-blank lines of `text`, cut at sentences and at the bounds of `marks`.

    Where marks nest, the shortest one covers its characters. Joining the pieces of all lines gives
    every non-blank line of the text back, character for character.
    """
    ordered = sorted(marks, key=lambda m: (m.start, m.end))
    lines = []
    position = 0
    for raw in text.splitlines(keepends=True):
        start, position = position, position + len(raw)
        line = raw.rstrip("\r\n")
        if not line.strip():
            continue
        end = start + len(line)
        here = [m for m in ordered if m.start < end and m.end > start]
        begins = tuple(m for m in here if start <= m.start < end)
        heading = next((m.kind for m in begins if m.kind == "action"), "")
        lines.append(Line(start, tuple(_pieces(line, start, here)), begins, heading))
    return lines


def _pieces(line: str, start: int, marks: Sequence[Mark]) -> Iterable[Piece]:
    """Yield the pieces of one line in order."""
    cuts = {0, len(line)}
    for sentence in _SENTENCE.finditer(line):
        cuts.add(sentence.end())
    for mark in marks:
        cuts |= {max(mark.start - start, 0), min(mark.end - start, len(line))}
    bounds = sorted(cuts)
    for left, right in itertools.pairwise(bounds):
        covering = [m for m in marks if m.start <= start + left and m.end >= start + right]
        inner = min(covering, key=lambda m: (m.end - m.start, m.key), default=None)
        yield Piece(start + left, line[left:right], inner)
