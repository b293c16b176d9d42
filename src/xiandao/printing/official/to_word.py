"""Prints an official document as Word: the order of its elements, head, signature, imprint; properties of the file."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final

import docx
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn

from xiandao.printing.official.arrange import Arranged, arrange, width_of
from xiandao.printing.official.model import OfficialDocument
from xiandao.printing.official.word_blocks import WIDTH_TWIPS, borders, elements, margins, paragraph, value_type
from xiandao.printing.official.word_notes import add_notes
from xiandao.printing.official.word_styles import set_styles
from xiandao.printing.word_layout import stand_upright
from xiandao.printing.word_xml import element, run, saved, value
from xiandao.printing.words import clean

LARGEST_HEAD: Final = 54
SMALLEST_HEAD: Final = 26
"""Sizes of the red head in points: below the height of 15 mm the standard allows, above that of the title."""
_TYPE_AREA_POINTS: Final = 442
_TWIPS_OF_CHARACTER: Final = 316
_HEAD_ABOVE: Final = 1984
"""35 mm from the type area to the red head (7.2.4), in twips."""
_LINE_ABOVE_POINTS: Final = 11
"""4 mm from the number of the document to the red line (7.2.7)."""
_SPACE_RIGHT: Final = 8
"""Half characters between date and edge (7.3.5.1)."""
_PROPERTY_LIMIT: Final = 255
_LEFT_OUT: Final = (
    RELATIONSHIP_TYPE.THUMBNAIL,
    RELATIONSHIP_TYPE.CUSTOM_XML,
    RELATIONSHIP_TYPE.NUMBERING,
    "http://schemas.microsoft.com/office/2007/relationships/stylesWithEffects",
)
"""Parts the empty document of python-docx brings that say nothing about ours."""


def head_size(issuer: str) -> int:
    """Return the size of the red head in points: as large as fits on one line, within the bounds of the standard."""
    return max(SMALLEST_HEAD, min(LARGEST_HEAD, _TYPE_AREA_POINTS * 2 // max(width_of(issuer), 1)))


def word(document: OfficialDocument) -> bytes:
    """Return an official document as a .docx file laid out after GB/T 9704-2012, with real footnotes.

    The same document gives the same bytes. Chinese fonts are named, not embedded: 方正小标宋, 仿宋_GB2312, 黑体,
    楷体_GB2312, 宋体, each with the names Word may take instead.
    """
    arranged = arrange(document)
    made = docx.Document()
    _leave_out(made)
    set_styles(made)
    stand_upright(made)
    _set_language(made)
    _properties(made, document)
    body = made.element.body
    end = body.find(qn("w:sectPr"))
    for item in _contents(arranged):
        end.addprevious(item)
    if arranged.notes:
        add_notes(made, arranged.notes)
    return saved(made)


def _contents(arranged: Arranged) -> Iterable[Any]:
    yield from _head(arranged)
    for part in arranged.parts:
        yield from elements(part)
    yield from _annex_list(arranged)
    yield from _signature(arranged)
    for annex in arranged.annexes:
        yield paragraph("AnnexMark", annex.mark, element("w:pageBreakBefore"))
        yield paragraph("Flush", "")
        yield paragraph("Title", annex.title)
        yield paragraph("Flush", "")
        for part in annex.parts:
            yield from elements(part)
    yield from _imprint(arranged)


def _head(arranged: Arranged) -> Iterable[Any]:
    """Yield red head, number and red line, title and what stands below it, addressee (7.2.4 to 7.3.2)."""
    if arranged.issuer:
        spacing = element("w:spacing", {"w:before": _HEAD_ABOVE, "w:after": 0, "w:line": 240, "w:lineRule": "auto"})
        mark = paragraph("RedHead", "", spacing)
        mark.append(run(arranged.issuer, size=head_size(arranged.issuer)))
        yield mark
        yield from (paragraph("Flush", ""), paragraph("Flush", ""))
        red = {"w:val": "single", "w:sz": 12, "w:space": _LINE_ABOVE_POINTS, "w:color": "FF0000"}
        yield paragraph("RedLine", arranged.number, element("w:pBdr", {}, element("w:bottom", red)))
        yield from (paragraph("Flush", ""), paragraph("Flush", ""))
    yield paragraph("Title", arranged.title)
    for line in arranged.below_title:
        yield paragraph("BelowTitle", line)
    yield paragraph("Flush", "")
    if arranged.addressee:
        yield paragraph("Flush", arranged.addressee)


def _annex_list(arranged: Arranged) -> Iterable[Any]:
    """Yield the list of annexes one line below the body, long titles aligned under their first character (7.3.4)."""
    if arranged.annex_list:
        yield paragraph("Flush", "")
    label = width_of(arranged.annexes_label)
    for index, (number, title) in enumerate(arranged.annex_list):
        before = 4 + label
        hanging = width_of(number) if number else 0
        lead = arranged.annexes_label if index == 0 else ""
        indent = _indent(left=before + hanging, hanging=hanging + (label if lead else 0))
        yield paragraph("AnnexList", lead + number + title, indent)


def _signature(arranged: Arranged) -> Iterable[Any]:
    """Yield two blank lines, the signatures centred above the date, the date four characters from the edge."""
    yield from (paragraph("Flush", "", element("w:keepNext")), paragraph("Flush", "", element("w:keepNext")))
    day = width_of(arranged.day)
    for signature in arranged.signatures:
        right = max(0, _SPACE_RIGHT + (day - width_of(signature)) / 2)
        yield paragraph("Signature", signature, element("w:keepNext"), _indent(right=right))
    yield paragraph("Signature", arranged.day, _indent(right=_SPACE_RIGHT))


def _indent(**half_characters: float) -> Any:
    """Return indents given in half characters, in the units of Word: hundredths of a character, and twips."""
    attributes: dict[str, object] = {}
    for side, halves in half_characters.items():
        attributes[f"w:{side}Chars"] = round(halves * 50)
        attributes[f"w:{side}"] = round(halves * _TWIPS_OF_CHARACTER / 2)
    return element("w:ind", attributes)


def _imprint(arranged: Arranged) -> Iterable[Any]:
    """Yield the imprint (版记) as a table that floats at the foot of the last page (7.4)."""
    rows = []
    if arranged.copies:
        # One character from both sides; further lines stand below the first office.
        width = 2 + width_of(arranged.copies_label)
        indent = element("w:ind", {"w:left": 140 * width, "w:hanging": 140 * (width - 2), "w:right": 280})
        rows.append(paragraph("Imprint", arranged.copies_label + arranged.copies, indent))
    if arranged.printed_by:
        tabs = element("w:tabs", {}, element("w:tab", {"w:val": "right", "w:pos": WIDTH_TWIPS - 280}))
        indent = element("w:ind", {"w:left": 280, "w:right": 280})
        rows.append(paragraph("Imprint", f"{arranged.printed_by}\t{arranged.printed_on}", tabs, indent))
    if not rows:
        return
    place = {"w:horzAnchor": "margin", "w:vertAnchor": "margin", "w:tblpXSpec": "center", "w:tblpYSpec": "bottom"}
    rules = borders(("top", "bottom"), eighths=8)
    rules.extend(borders(("insideH",), eighths=6))
    whole = {"w:w": WIDTH_TWIPS, "w:type": "dxa"}
    yield element(
        "w:tbl",
        {},
        element(
            "w:tblPr",
            {},
            element("w:tblpPr", place),
            value("w:tblOverlap", "never"),
            element("w:tblW", whole),
            rules,
            value_type("w:tblLayout", "fixed"),
            margins(57, 0),
        ),
        element("w:tblGrid", {}, element("w:gridCol", {"w:w": WIDTH_TWIPS})),
        *(
            element("w:tr", {}, element("w:tc", {}, element("w:tcPr", {}, element("w:tcW", whole)), row))
            for row in rows
        ),
    )
    yield paragraph("Spacer", "")


def _leave_out(document: Document) -> None:
    for owner in (document.part.package, document.part):
        for identifier, relation in list(owner.rels.items()):
            if relation.reltype in _LEFT_OUT:
                owner.rels.pop(identifier)


def _set_language(document: Document) -> None:
    """Tell Word that the text is Chinese, with its rules for line ends and punctuation, and of its present format."""
    settings: Any = document.settings.element
    settings.find(qn("w:themeFontLang")).set(qn("w:eastAsia"), "zh-CN")
    settings.find(f"{qn('w:compat')}/{qn('w:compatSetting')}[@{qn('w:name')}='compatibilityMode']").set(
        qn("w:val"), "15"
    )
    settings.find(qn("w:characterSpacingControl")).set(qn("w:val"), "compressPunctuation")


def _properties(document: Document, source: OfficialDocument) -> None:
    """Write title, office and date; nothing of the machine or the moment of printing."""
    properties, day = document.core_properties, source.date
    properties.title = _property(source.title)
    properties.author = properties.last_modified_by = _property(source.issuer or source.signature or "")
    properties.comments, properties.keywords, properties.revision = "", "", 1
    properties.created = properties.modified = datetime(day.year, day.month, day.day, tzinfo=UTC)


def _property(text: str) -> str:
    return " ".join(clean(text).split())[:_PROPERTY_LIMIT]
