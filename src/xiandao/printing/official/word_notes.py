"""Real footnotes in Word, which python-docx cannot make: a part of their own, marks in the text, cross-references."""

from collections.abc import Sequence
from typing import Any, Final

from docx.document import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import XmlPart
from docx.oxml.ns import qn

from xiandao.printing.word_xml import element, field, run, value

_MARK: Final = "FootnoteReference"
_RULES: Final = ((-1, "separator"), (0, "continuationSeparator"))


def note_mark(number: int, *, first: bool) -> list[Any]:
    """Return what stands after a text with a footnote: [1]. Later mentions refer to the mark of the first."""
    bookmark = f"_Note{number}"
    if not first:
        return [
            run("[", style=_MARK),
            *field(f"NOTEREF {bookmark} \\h", str(number), style=_MARK),
            run("]", style=_MARK),
        ]
    return [
        run("[", style=_MARK),
        element("w:bookmarkStart", {"w:id": number, "w:name": bookmark}),
        run(element("w:footnoteReference", {"w:id": number}), style=_MARK),
        element("w:bookmarkEnd", {"w:id": number}),
        run("]", style=_MARK),
    ]


def add_notes(document: Document, notes: Sequence[str]) -> None:
    """Add the part that holds the footnotes, numbered from 1, and tell the settings of its separators."""
    root = element("w:footnotes")
    for identifier, kind in _RULES:
        rule = element("w:p", {}, _properties("FootnoteText"), run(element(f"w:{kind}")))
        root.append(element("w:footnote", {"w:type": kind, "w:id": identifier}, rule))
    for number, text in enumerate(notes, start=1):
        mark = [run("[", style=_MARK), run(element("w:footnoteRef"), style=_MARK), run("] ", style=_MARK)]
        paragraph = element("w:p", {}, _properties("FootnoteText"), *mark, run(text))
        root.append(element("w:footnote", {"w:id": number}, paragraph))
    package = document.part.package
    part = XmlPart(PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES, root, package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    known = element("w:footnotePr", {}, *(element("w:footnote", {"w:id": identifier}) for identifier, _ in _RULES))
    settings: Any = document.settings.element
    settings.find(qn("w:compat")).addprevious(known)


def _properties(style: str) -> Any:
    return element("w:pPr", {}, value("w:pStyle", style))
