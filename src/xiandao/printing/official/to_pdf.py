"""Prints an official document as PDF with typst: hands content and fonts to a fixed page description as data."""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

import typst

from xiandao.printing.official.arrange import Arranged, Grid, arrange
from xiandao.printing.official.fonts import ChosenFonts, NoChineseFont, chosen_fonts, has_chinese
from xiandao.printing.official.model import OfficialDocument
from xiandao.printing.official.to_word import head_size

Form: TypeAlias = Literal["pdf", "png", "svg"]
_TALL_CELL: Final = 400
"""Characters from which a cell may be parted between two pages."""
_LONG_WORD: Final = re.compile("[!-~\u00a0-\u024f]{17,}")
_PIECE_OF_WORD: Final = 8
_BREAK_HERE: Final = "\u200b"


def pdf(document: OfficialDocument, *, font_folders: Sequence[Path] = ()) -> bytes:
    """Return an official document as a PDF laid out after GB/T 9704-2012, with real footnotes and bookmarks.

    The same document gives the same bytes on a machine; its date is the date of creation. Fonts in `font_folders` are
    used besides those installed. Nothing is read from the network and no text is taken for markup.
    Raises NoChineseFont (Chinese) when the document holds Chinese and no Chinese font is there.
    """
    pages = compiled(document, chosen_fonts(tuple(font_folders)), form="pdf")
    return pages[0]


def compiled(document: OfficialDocument, fonts: ChosenFonts, *, form: Form, ppi: float = 144) -> list[bytes]:
    """Return the printed document: one file as PDF, one picture per page as PNG or SVG. Raises NoChineseFont."""
    arranged = arrange(document)
    content = json.dumps(_as_data(arranged), ensure_ascii=False)
    if not fonts.chinese and has_chinese([content]):
        chosen_fonts.cache_clear()  # so that a font installed meanwhile is found
        raise NoChineseFont
    made = typst.compile(
        files("xiandao.printing.official").joinpath("gongwen.typ").read_bytes(),
        font_paths=fonts.found,
        format=form,
        ppi=ppi,
        sys_inputs={"document": content, "look": json.dumps(_look(document, arranged, fonts), ensure_ascii=False)},
        timestamp=datetime(document.date.year, document.date.month, document.date.day, tzinfo=UTC),
    )
    return made if isinstance(made, list) else [made or b""]


def _as_data(arranged: Arranged) -> Any:
    data = asdict(arranged)
    data["head_notes"] = _head_notes(arranged)
    for parts in (data["parts"], *(annex["parts"] for annex in data["annexes"])):
        for part in parts:
            if part["kind"] == "grid":
                part["rows"] = [[_cell(pieces) for pieces in row] for row in part["rows"]]
    return _breakable(data)


def _head_notes(arranged: Arranged) -> list[int]:
    """Return the numbers of the footnotes that stand first in the head of a table."""
    parts = [*arranged.parts, *(part for annex in arranged.annexes for part in annex.parts)]
    heads = [pieces for part in parts if isinstance(part, Grid) for pieces in part.header]
    return [piece.note for pieces in heads for piece in pieces if piece.first and piece.note is not None]


def _cell(pieces: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {"pieces": pieces, "tall": sum(len(piece["text"]) for piece in pieces) > _TALL_CELL}


def _breakable(data: Any) -> Any:
    """Return data in whose texts long words, such as addresses, may be broken at the end of a line."""
    if isinstance(data, str):
        return _LONG_WORD.sub(lambda word: _BREAK_HERE.join(_in_pieces(word[0])), data)
    if isinstance(data, dict):
        return {key: _breakable(item) for key, item in data.items()}
    return [_breakable(item) for item in data] if isinstance(data, list | tuple) else data


def _in_pieces(word: str) -> list[str]:
    return [word[start : start + _PIECE_OF_WORD] for start in range(0, len(word), _PIECE_OF_WORD)]


def _look(document: OfficialDocument, arranged: Arranged, fonts: ChosenFonts) -> dict[str, Any]:
    day = document.date
    return {
        "families": fonts.families,
        "latin": fonts.latin,
        "heavy_title": fonts.heavy_title(),
        "bold_body": fonts.bold_body(),
        "head_size": head_size(arranged.issuer),
        "author": " ".join((arranged.issuer or " ".join(arranged.signatures)).split()),
        "region": "cn" if document.language == "zh" else None,
        "year": day.year,
        "month": day.month,
        "day": day.day,
    }
