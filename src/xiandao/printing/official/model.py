"""What an official document says, independent of how it is printed: head, blocks, annexes, signature."""

import datetime as dt
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Language: TypeAlias = Literal["zh", "en"]
Align: TypeAlias = Literal["left", "center", "right"]

DEEPEST_HEADING: Final = 4


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text, bold or not, with an optional footnote after it.

    Footnotes of the same wording are printed once in a document and share their number.
    """

    text: str
    bold: bool = False
    footnote: str | None = None


Text: TypeAlias = str | Run | tuple[str | Run, ...]
"""Text as callers write it: a string, a run, or several of them in a row. A line feed breaks the line."""


def runs_of(text: Text) -> tuple[Run, ...]:
    """Return the runs of a text."""
    parts = (text,) if isinstance(text, str | Run) else text
    return tuple(Run(part) if isinstance(part, str) else part for part in parts)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 4. Its number (一、（一）1. （1）) is made by the printer unless `numbered` is false."""

    level: int
    text: str
    numbered: bool = True

    def __post_init__(self) -> None:
        if not 1 <= self.level <= DEEPEST_HEADING:
            raise ValueError(f"heading of level {self.level}; there are levels 1 to {DEEPEST_HEADING}")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the body, its first line indented by two characters unless `indent` is false."""

    text: Text
    indent: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """A ruled table over the full width of the page.

    `widths` are shares of the width, `align` is per column; both are chosen by the texts when left out. Without rows
    the table says `empty` (default 本期无). `repeat_header` prints the header again on every page the table goes on.
    A footnote in the header speaks of its whole column.
    Raises ValueError when rows, widths or alignment do not fit the header.
    """

    header: tuple[Text, ...]
    rows: tuple[tuple[Text, ...], ...]
    caption: str | None = None
    widths: tuple[float, ...] | None = None
    align: tuple[Align, ...] | None = None
    repeat_header: bool = True
    empty: str | None = None

    def __post_init__(self) -> None:
        columns = len(self.header)
        if not columns:
            raise ValueError("a table without columns")
        for number, row in enumerate(self.rows, start=1):
            if len(row) != columns:
                raise ValueError(f"row {number} has {len(row)} cells, the header {columns}")
        for name, values in (("widths", self.widths), ("align", self.align)):
            if values is not None and len(values) != columns:
                raise ValueError(f"{len(values)} {name} for {columns} columns")
        if self.widths is not None and min(self.widths) <= 0:
            raise ValueError("widths of columns are above 0")


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A number worth a reader's first look: what it counts, the number as printed, its unit, where it is from."""

    label: str
    value: str
    unit: str = ""
    footnote: str | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """Up to four key figures in a row; more go on in further rows. Raises ValueError when there is none."""

    items: tuple[KeyFigure, ...]

    def __post_init__(self) -> None:
        if not self.items:
            raise ValueError("figures without a figure")


@dataclass(frozen=True, slots=True)
class Note:
    """A remark in small type below a table or figures, opened by 注： unless another label is given."""

    text: Text
    label: str | None = None


@dataclass(frozen=True, slots=True)
class PageBreak:
    """The next block stands on a new page."""


Block: TypeAlias = Heading | Paragraph | Table | Figures | Note | PageBreak


@dataclass(frozen=True, slots=True)
class Annex:
    """An annex: named below the body, printed on pages of its own."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialDocument:
    """An official document (公文) with the elements of GB/T 9704-2012, section 7, that an office puts in itself.

    Parameters:
        title: 标题; a line feed breaks it by sense.
        date: 成文日期; also the date of creation in the properties of the file.
        blocks: 正文.
        issuer: 发文机关标志; with it the document has the red head and the red line.
        number: 发文字号, such as 苏未来督〔2024〕3号; under the red head, else below the title in brackets.
        subtitle: a line below the title, such as the as-of date of the numbers.
        addressee: 主送机关, without the colon.
        annexes: 附件.
        signature: 发文机关署名; a line feed parts several.
        copies_to: 抄送机关.
        printed_by, printed_on: 印发机关 and 印发日期 (the date of the document if left out).
        language: language of what the printer adds itself: labels, heading numbers, dates.
    """

    title: str
    date: dt.date
    blocks: tuple[Block, ...]
    issuer: str | None = None
    number: str | None = None
    subtitle: str | None = None
    addressee: str | None = None
    annexes: tuple[Annex, ...] = ()
    signature: str | None = None
    copies_to: tuple[str, ...] = ()
    printed_by: str | None = None
    printed_on: dt.date | None = None
    language: Language = "zh"
