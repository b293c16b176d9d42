"""Elements of WordprocessingML in one call each: python-docx has no doors to most of what official layout needs."""

import io
import re
import zipfile
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

_NONE: Final[Mapping[str, object]] = MappingProxyType({})
_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
_BREAKS: Final = re.compile("([\n\t])")
_FIRST_ZIP_DAY: Final = (1980, 1, 1, 0, 0, 0)


def element(tag: str, attributes: Mapping[str, object] = _NONE, *children: Any) -> Any:
    """Return an element such as `w:p` with attributes such as `w:val`; children that are None are left out."""
    made = OxmlElement(tag)
    for name, content in attributes.items():
        made.set(qn(name), str(content))
    made.extend([child for child in children if child is not None])
    return made


def value(tag: str, content: object) -> Any:
    """Return an element whose only attribute is `w:val`."""
    return element(tag, {"w:val": content})


def run(*content: Any, style: str = "", bold: bool = False, size: float = 0) -> Any:
    """Return a run of texts and elements in a character style, bold, of a size in points.

    Line feeds become line breaks, tabs become tabs. The hint makes Word draw “ ” ‘ ’ — … full width, as Chinese text
    wants them.
    """
    properties = element(
        "w:rPr",
        _NONE,
        value("w:rStyle", style) if style else None,
        element("w:rFonts", {"w:hint": "eastAsia"}),
        *((element("w:b"), element("w:bCs")) if bold else ()),
        *((value("w:sz", round(size * 2)), value("w:szCs", round(size * 2))) if size else ()),
    )
    made = element("w:r", _NONE, properties)
    for item in content:
        made.extend(_text(item) if isinstance(item, str) else [item])
    return made


def field(instruction: str, shown: str, *, style: str = "") -> list[Any]:
    """Return the runs of a field that shows `shown` until the office program works it out anew."""
    code = element("w:instrText")
    code.set(_SPACE, "preserve")
    code.text = f" {instruction} "
    return [
        run(element("w:fldChar", {"w:fldCharType": "begin"}), style=style),
        run(code, style=style),
        run(element("w:fldChar", {"w:fldCharType": "separate"}), style=style),
        run(shown, style=style),
        run(element("w:fldChar", {"w:fldCharType": "end"}), style=style),
    ]


def _text(text: str) -> list[Any]:
    made = []
    for part in _BREAKS.split(text):
        if part == "\n":
            made.append(element("w:br"))
        elif part == "\t":
            made.append(element("w:tab"))
        elif part:
            words = element("w:t")
            words.text = part
            words.set(_SPACE, "preserve")
            made.append(words)
    return made


def saved(document: Document) -> bytes:
    """Return the bytes of a document, the same each time: the entries of the archive carry no time of writing."""
    written, out = io.BytesIO(), io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, _FIRST_ZIP_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, source.read(name))
    return out.getvalue()
