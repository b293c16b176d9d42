"""Meeting papers as an official document: every number with its footnote, those of a column in the column's head."""

import datetime as dt
from decimal import Decimal

from django.conf import settings

from xiandao.domains.progress.meeting.model import (
    Block,
    Grid,
    KeyNumbers,
    MeetingContent,
    Number,
    Section,
    Sentence,
    Words,
)
from xiandao.domains.progress.meeting.pen import UNKNOWN, UNREPORTED
from xiandao.domains.shared.format import number
from xiandao.printing import official
from xiandao.printing.official import OfficialDocument, Run, Text

DEMO_NOTE = "（演示数据，不是真实情况）"
_ON_A_PAGE_OF_THEIR_OWN = frozenset({"departments", "cities"})
"""Sections of one long table: begun at the top of a page it breaks least, and its footnotes stand below it."""


def meeting_document(content: MeetingContent, *, issuer: str) -> OfficialDocument:
    """Return the papers laid out after GB/T 9704, the annexes on pages of their own. `issuer` signs them."""
    notes = dict(content.notes)
    blocks: list[official.Block] = []
    for section in content.sections:
        blocks += [official.PageBreak()] if section.key in _ON_A_PAGE_OF_THEIR_OWN else []
        blocks += [official.Heading(1, section.title), *_blocks(section, notes)]
    annexes = tuple(official.Annex(part.title, tuple(_blocks(part, notes))) for part in content.annexes)
    return OfficialDocument(
        title=content.title,
        subtitle=f"{content.subtitle}{DEMO_NOTE if settings.DEMO_MODE else ''}",
        date=dt.datetime.fromisoformat(content.as_of).date(),
        blocks=tuple(blocks),
        annexes=annexes,
        signature=issuer,
    )


def printed(number_: Number, *, narrow: bool = False) -> str:
    """Return a number as it is printed, with its unit; unknown in words, in a narrow column as a dash."""
    if number_.value is None:
        return UNKNOWN if narrow else UNREPORTED
    return f"{number(Decimal(number_.value))}{number_.unit}"


def _blocks(section: Section, notes: dict[str, str]) -> list[official.Block]:
    return [_block(block, notes) for block in section.blocks]


def _block(block: Block, notes: dict[str, str]) -> official.Block:
    if isinstance(block, Sentence):
        return official.Paragraph(_text(block.words, notes))
    if isinstance(block, KeyNumbers):
        figures = [
            official.KeyFigure(label, printed(item, narrow=True), footnote=notes.get(item.note))
            for label, item in block.items
        ]
        return official.Figures(tuple(figures))
    if isinstance(block, Grid):
        return _table(block, notes)
    return official.Note(block.text)


def _table(grid: Grid, notes: dict[str, str]) -> official.Table:
    header: tuple[Text, ...] = tuple(Run(column.label, footnote=notes.get(column.note)) for column in grid.columns)
    rows = tuple(
        tuple(_text(cell, notes, but=column.note, narrow=grid.is_narrow) for column, cell in row) for row in grid.cells
    )
    widths = tuple(column.width for column in grid.columns)
    return official.Table(header, rows, caption=grid.caption, widths=widths if all(widths) else None, empty=grid.empty)


def _text(words: Words, notes: dict[str, str], *, but: str = "", narrow: bool = False) -> Text:
    """Return words as runs; the footnote of a column (`but`) is not said again in its cells."""
    return tuple(
        word
        if isinstance(word, str)
        else Run(printed(word, narrow=narrow), footnote=None if word.note == but else notes.get(word.note))
        for word in words
    )
