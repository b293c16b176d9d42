"""Blocks of an official document as elements of Word: paragraphs, tables, key figures, page breaks."""

from collections.abc import Iterable, Sequence
from functools import singledispatch
from itertools import pairwise
from typing import Any, Final

from xiandao.printing.official.arrange import Break, Grid, Line, Part, Pieces, Strip
from xiandao.printing.official.word_notes import note_mark
from xiandao.printing.word_xml import element, run, value

WIDTH_TWIPS: Final = 8844
"""156 mm, the width of the type area, in twentieths of a point."""
_STYLES: Final = {
    "heading1": "Heading1",
    "heading2": "Heading2",
    "heading3": "Heading3",
    "heading4": "Heading4",
    "body": "Body",
    "flush": "Flush",
    "remark": "Remark",
}
_ALL_SIDES: Final = ("top", "left", "bottom", "right", "insideH", "insideV")


def paragraph(style: str, content: str | Pieces, *properties: Any) -> Any:
    """Return a paragraph of a style; `properties` follow the style in the order the format demands."""
    runs = ([run(content)] if content else []) if isinstance(content, str) else list(_runs(content))
    return element("w:p", {}, element("w:pPr", {}, value("w:pStyle", style), *properties), *runs)


def _runs(pieces: Pieces) -> Iterable[Any]:
    for piece in pieces:
        yield run(piece.text, bold=piece.bold)
        if piece.note is not None:
            yield from note_mark(piece.note, first=piece.first)


@singledispatch
def elements(part: Part) -> Sequence[Any]:
    """Return the elements that print a part of the body."""
    raise TypeError(type(part).__name__)


@elements.register
def _line(part: Line) -> Sequence[Any]:
    return [paragraph(_STYLES[part.style], part.pieces)]


@elements.register
def _break(_part: Break) -> Sequence[Any]:
    page = paragraph("Spacer", "")
    page.append(run(element("w:br", {"w:type": "page"})))
    return [page]


@elements.register
def _strip(part: Strip) -> Sequence[Any]:
    """Print key figures as a table with a rule above and below."""
    count = len(part.items)
    widths = _twips([1 / count] * count)
    cells = [
        _cell(width, [paragraph("FigureValue", number), paragraph("FigureLabel", label)])
        for width, (number, label) in zip(widths, part.items, strict=True)
    ]
    return [paragraph("Spacer", ""), _table(widths, [_row(cells)], ("top", "bottom")), paragraph("Spacer", "")]


@elements.register
def _grid(part: Grid) -> Sequence[Any]:
    widths = _twips(part.widths)
    size = f"{part.size:g}".replace(".", "")
    text, head = f"TableText{size}", f"TableHead{size}"
    header = [_cell(width, [paragraph(head, label)]) for width, label in zip(widths, part.header, strict=True)]
    rows = [_row(header, repeat=part.repeat)]
    for row in part.rows:
        cells = zip(widths, row, part.align, strict=True)
        rows.append(_row([_cell(w, [paragraph(text, pieces, value("w:jc", align))]) for w, pieces, align in cells]))
    if not part.rows:
        nothing = paragraph(text, part.empty, value("w:jc", "center"))
        rows.append(_row([_cell(WIDTH_TWIPS, [nothing], span=len(widths))]))
    caption = [paragraph("TableCaption", part.caption)] if part.caption else [paragraph("Spacer", "")]
    return [*caption, _table(widths, rows, _ALL_SIDES), paragraph("Spacer", "")]


def _twips(shares: Sequence[float]) -> list[int]:
    """Return widths in twips that add up to the width of the type area."""
    edges = [round(sum(shares[:index]) * WIDTH_TWIPS) for index in range(len(shares))] + [WIDTH_TWIPS]
    return [right - left for left, right in pairwise(edges)]


def _table(widths: Sequence[int], rows: Sequence[Any], sides: Sequence[str]) -> Any:
    return element(
        "w:tbl",
        {},
        element(
            "w:tblPr",
            {},
            element("w:tblW", {"w:w": sum(widths), "w:type": "dxa"}),
            value("w:jc", "center"),
            borders(sides, eighths=4),
            value_type("w:tblLayout", "fixed"),
            margins(34, 68),
        ),
        element("w:tblGrid", {}, *(element("w:gridCol", {"w:w": width}) for width in widths)),
        *rows,
    )


def borders(sides: Sequence[str], *, eighths: int) -> Any:
    """Return rules on the sides of a table, their thickness in eighths of a point."""
    rule = {"w:val": "single", "w:sz": eighths, "w:space": 0, "w:color": "auto"}
    return element("w:tblBorders", {}, *(element(f"w:{side}", rule) for side in sides))


def margins(vertical: int, horizontal: int) -> Any:
    """Return the margins within the cells of a table, in twips."""
    sides = (("top", vertical), ("left", horizontal), ("bottom", vertical), ("right", horizontal))
    return element("w:tblCellMar", {}, *(element(f"w:{s}", {"w:w": twips, "w:type": "dxa"}) for s, twips in sides))


def value_type(tag: str, kind: str) -> Any:
    """Return an element whose only attribute is `w:type`."""
    return element(tag, {"w:type": kind})


def _row(cells: Sequence[Any], *, repeat: bool = False) -> Any:
    flags = element("w:trPr", {}, element("w:cantSplit"), element("w:tblHeader") if repeat else None)
    return element("w:tr", {}, flags, *cells)


def _cell(width: int, paragraphs: Sequence[Any], *, span: int = 1) -> Any:
    properties = element(
        "w:tcPr",
        {},
        element("w:tcW", {"w:w": width, "w:type": "dxa"}),
        value("w:gridSpan", span) if span > 1 else None,
        value("w:vAlign", "center"),
    )
    return element("w:tc", {}, properties, *paragraphs)
