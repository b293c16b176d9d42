"""Decides once, for both printers, what stands on the page: numbers of headings and footnotes, labels, columns."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import singledispatchmethod
from typing import Final, Literal
from unicodedata import east_asian_width

from xiandao.printing.official.model import (
    Align,
    Block,
    Figures,
    Heading,
    Note,
    OfficialDocument,
    PageBreak,
    Paragraph,
    Run,
    Table,
    Text,
    runs_of,
)
from xiandao.printing.official.wording import WORDINGS, HeadingNumbers, Wording
from xiandao.printing.words import clean

FIGURES_IN_A_ROW: Final = 4
_SMALL_FOUR: Final = 12.0
_FIVE: Final = 10.5
_WIDE_TABLE: Final = 5
"""Tables of more columns are set in 五号 rather than 小四."""
_TYPE_AREA_POINTS: Final = 442
_SHORT: Final = 14
"""Columns whose texts are no longer (half characters) are centred and keep their texts on one line."""
_WIDEST: Final = 48
"""Width in half characters beyond which a longer text does not widen its column further."""
_PADDING: Final = 4
"""Room a column needs besides its text: its margins, and what is added between Chinese and Latin characters."""
_MARK: Final = 2
_LEAST_ROOM: Final = 8
"""Half characters that columns of long texts must have at least for short ones to keep their width."""
_LINE_ENDS: Final = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_CONTROLS: Final = re.compile("[\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class Piece:
    """Text with the number of the footnote after it; `first` where the footnote itself is to be printed."""

    text: str
    bold: bool = False
    note: int | None = None
    first: bool = False


Pieces = tuple[Piece, ...]
Style = Literal["heading1", "heading2", "heading3", "heading4", "body", "flush", "remark"]


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph and how it is set."""

    style: Style
    pieces: Pieces
    kind: Literal["line"] = "line"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table ready to print: shares of width that add up to 1, size in points, what an empty table says."""

    caption: str
    header: tuple[Pieces, ...]
    rows: tuple[tuple[Pieces, ...], ...]
    widths: tuple[float, ...]
    align: tuple[Align, ...]
    size: float
    repeat: bool
    empty: str
    kind: Literal["grid"] = "grid"


@dataclass(frozen=True, slots=True)
class Strip:
    """A row of key figures: for each the number with its unit and footnote, and the label."""

    items: tuple[tuple[Pieces, str], ...]
    kind: Literal["strip"] = "strip"


@dataclass(frozen=True, slots=True)
class Break:
    kind: Literal["break"] = "break"


Part = Line | Grid | Strip | Break


@dataclass(frozen=True, slots=True)
class ArrangedAnnex:
    mark: str
    title: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Arranged:
    """A document ready to print. What it lacks is ""; `annex_list` holds (number, title) under `annexes_label`."""

    language: str
    title: str
    issuer: str
    number: str
    below_title: tuple[str, ...]
    addressee: str
    parts: tuple[Part, ...]
    annexes_label: str
    annex_list: tuple[tuple[str, str], ...]
    signatures: tuple[str, ...]
    day: str
    annexes: tuple[ArrangedAnnex, ...]
    copies_label: str
    copies: str
    printed_by: str
    printed_on: str
    notes: tuple[str, ...]


def width_of(text: str) -> int:
    """Return the width of the longest line of a text in half characters: Chinese ones count two."""
    return max(sum(1 + (east_asian_width(c) in "WFA") for c in line) for line in (text or " ").split("\n"))


def arrange(document: OfficialDocument) -> Arranged:
    """Return what both printers print; every text is freed of characters no file may hold."""
    wording = WORDINGS[document.language]
    arranger = _Arranger(wording)
    parts = arranger.body(document.blocks)
    single = len(document.annexes) == 1
    annexes = tuple(
        ArrangedAnnex(
            wording.annex.strip() if single else f"{wording.annex}{number}",
            _text(annex.title),
            arranger.body(annex.blocks),
        )
        for number, annex in enumerate(document.annexes, start=1)
    )
    number = _text(document.number)
    below = [wording.brackets.format(number)] if number and not document.issuer else []
    below += [_text(document.subtitle)] if document.subtitle else []
    printed = document.printed_by is not None
    return Arranged(
        language=document.language,
        title=_text(document.title),
        issuer=_text(document.issuer),
        number=number if document.issuer else "",
        below_title=tuple(below),
        addressee=_text(document.addressee) + wording.colon if document.addressee else "",
        parts=parts,
        annexes_label=wording.one_annex if single else wording.annexes,
        annex_list=tuple(("" if single else f"{n}. ", a.title) for n, a in enumerate(annexes, start=1)),
        signatures=tuple(_text(document.signature).split("\n")) if document.signature else (),
        day=wording.day(document.date),
        annexes=annexes,
        copies_label=wording.copies,
        copies=wording.comma.join(map(_text, document.copies_to)) + wording.stop if document.copies_to else "",
        printed_by=_text(document.printed_by),
        printed_on=wording.printed.format(wording.day(document.printed_on or document.date)) if printed else "",
        notes=tuple(arranger.notes),
    )


def _lines(text: str) -> str:
    """Return a text with line feeds for line ends of every kind and without control characters."""
    return _CONTROLS.sub("", clean(_LINE_ENDS.sub("\n", text)))


def _text(text: str | None) -> str:
    return _lines(text or "").strip("\n")


class _Arranger:
    """Arranges the bodies of one document; footnotes are counted through all of them."""

    def __init__(self, wording: Wording) -> None:
        self._wording = wording
        self._numbers = HeadingNumbers(wording)
        self._known: dict[str, int] = {}

    @property
    def notes(self) -> Sequence[str]:
        """The footnotes so far, in the order of their numbers."""
        return list(self._known)

    def body(self, blocks: Sequence[Block]) -> tuple[Part, ...]:
        """Arrange a body; headings are counted from the start."""
        self._numbers = HeadingNumbers(self._wording)
        return tuple(part for block in blocks for part in self._arrange(block))

    @singledispatchmethod
    def _arrange(self, block: object) -> Sequence[Part]:
        raise TypeError(f"{type(block).__name__} is no block of an official document")

    @_arrange.register
    def _heading(self, block: Heading) -> Sequence[Part]:
        number = self._numbers.next(block.level) if block.numbered else ""
        styles: tuple[Style, ...] = ("heading1", "heading2", "heading3", "heading4")
        return [Line(styles[block.level - 1], (Piece(number + _text(block.text)),))]

    @_arrange.register
    def _paragraph(self, block: Paragraph) -> Sequence[Part]:
        return [Line("body" if block.indent else "flush", self._pieces(block.text))]

    @_arrange.register
    def _note(self, block: Note) -> Sequence[Part]:
        label = self._wording.note if block.label is None else _text(block.label)
        return [Line("remark", (Piece(label), *self._pieces(block.text)))]

    @_arrange.register
    def _figures(self, block: Figures) -> Sequence[Part]:
        items = [(self._pieces((Run(f.value + f.unit, footnote=f.footnote),)), _text(f.label)) for f in block.items]
        return [
            Strip(tuple(items[start : start + FIGURES_IN_A_ROW])) for start in range(0, len(items), FIGURES_IN_A_ROW)
        ]

    @_arrange.register
    def _break(self, _block: PageBreak) -> Sequence[Part]:
        return [Break()]

    @_arrange.register
    def _table(self, block: Table) -> Sequence[Part]:
        header = tuple(map(self._pieces, block.header))
        rows = tuple(tuple(map(self._pieces, row)) for row in block.rows)
        longest = _longest(header, rows)
        size = _FIVE if len(header) > _WIDE_TABLE else _SMALL_FOUR
        shares = block.widths or _shares(longest, _TYPE_AREA_POINTS * 2 / size)
        align = block.align or tuple("center" if width <= _SHORT else "left" for width in longest)
        return [
            Grid(
                caption=_text(block.caption),
                header=header,
                rows=rows,
                widths=tuple(share / sum(shares) for share in shares),
                align=align,
                size=size,
                repeat=block.repeat_header,
                empty="" if rows else _text(block.empty) or self._wording.empty,
            )
        ]

    def _pieces(self, text: Text) -> Pieces:
        return tuple(map(self._piece, runs_of(text)))

    def _piece(self, run: Run) -> Piece:
        wording = _text(run.footnote)
        if not wording:
            return Piece(_lines(run.text), run.bold)
        first = wording not in self._known
        number = self._known.setdefault(wording, len(self._known) + 1)
        return Piece(_lines(run.text), run.bold, number, first)


def _longest(header: Sequence[Pieces], rows: Sequence[Sequence[Pieces]]) -> list[int]:
    """Return per column the width of its longest text in half characters."""
    longest = [0] * len(header)
    for row in (header, *rows):
        for column, pieces in enumerate(row):
            marks = _MARK * any(piece.note is not None for piece in pieces)
            longest[column] = max(longest[column], marks + width_of("".join(piece.text for piece in pieces)))
    return longest


def _shares(longest: Sequence[int], room: float) -> Sequence[float]:
    """Return widths of columns by their texts: short ones keep what they need, long ones share the rest of `room`."""
    wanted = [min(width, _WIDEST) + _PADDING for width in longest]
    long = [width > _SHORT for width in longest]
    rest = room - sum(width for width, is_long in zip(wanted, long, strict=True) if not is_long)
    if not any(long) or rest < _LEAST_ROOM * sum(long):
        return wanted
    scale = rest / sum(width for width, is_long in zip(wanted, long, strict=True) if is_long)
    return [width * scale if is_long else width for width, is_long in zip(wanted, long, strict=True)]
