"""Page, fonts and page numbers of a Word document after GB/T 9704-2012, upright and lying on its side."""

from typing import Any, Final

from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

TITLE_FONT: Final = "方正小标宋简体"
BODY_FONT: Final = "仿宋_GB2312"
HEADING_FONT: Final = "黑体"
KAI_FONT: Final = "楷体_GB2312"
PAGE_FONT: Final = "宋体"
LATIN_FONT: Final = "Times New Roman"

TEXT_WIDTH_MM: Final = 225
"""GB/T 9704 sets a type area of 156 × 225 mm on A4; turned for a wide table it is 225 × 156 mm."""

LINE_TWIPS: Final = 579
"""Distance of lines upright, in twentieths of a point: the largest with which 22 fit into 225 mm."""
_CHARACTER_SPACE: Final = -849
"""Change of the width of a character of 16 points, in 4096ths of a point, with which 28 fit into 156 mm."""

# What Word takes when an office computer lacks the font; the names are those of Windows and of WPS.
_ALTERNATIVES: Final = {
    TITLE_FONT: "方正小标宋_GBK,FZXiaoBiaoSong-B05S,宋体",
    BODY_FONT: "仿宋,FangSong",
    KAI_FONT: "楷体,KaiTi",
    HEADING_FONT: "SimHei",
    PAGE_FONT: "SimSun",
}
_W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def stand_upright(document: Document) -> None:
    """Set the only section of `document` to A4 upright with 22 lines of 28 characters; declare fonts, number pages.

    Source: GB/T 9704-2012, 5.2 and 7.5: margins 37 and 28 mm, type area 156 × 225 mm, page numbers 7 mm below it.
    """
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(15), Mm(23)
    grid = section._sectPr.find(qn("w:docGrid"))  # noqa: SLF001 — the grid exists in the XML only
    for name, content in (("type", "linesAndChars"), ("linePitch", LINE_TWIPS), ("charSpace", _CHARACTER_SPACE)):
        grid.set(qn(f"w:{name}"), str(content))
    _declare_fonts(document)
    _page_numbers(document)


def lay_out(document: Document) -> None:
    """Turn the only section of `document` to A4 landscape with the type area of GB/T 9704 and set its fonts."""
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    # The binding side (28 mm) of the upright page is the top of the turned one.
    section.top_margin, section.bottom_margin = Mm(28), Mm(26)
    section.left_margin = section.right_margin = Mm(36)
    section.header_distance, section.footer_distance = Mm(15), Mm(15)
    normal = document.styles["Normal"]
    normal.font.size = Pt(10.5)
    normal.paragraph_format.space_after = normal.paragraph_format.space_before = Pt(0)
    set_font(normal.element.get_or_add_rPr(), BODY_FONT)
    _declare_fonts(document)
    _page_numbers(document)


def set_font(properties: Any, font: str) -> None:
    """Set the Chinese font of run properties; Latin letters and digits take Times New Roman.

    The hint makes Word draw “ ” — and ‘ ’ full width, as Chinese text wants them.
    """
    fonts = properties.get_or_add_rFonts()
    for name, value in (("ascii", LATIN_FONT), ("hAnsi", LATIN_FONT), ("cs", LATIN_FONT), ("eastAsia", font)):
        fonts.set(qn(f"w:{name}"), value)
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:hint"), "eastAsia")


def add_run(paragraph: Any, text: str, font: str, size: float) -> Any:
    """Add text to a paragraph in a Chinese font of a size in points and return the run."""
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    set_font(run._r.get_or_add_rPr(), font)  # noqa: SLF001 — python-docx has no door to the East Asian font
    return run


def _declare_fonts(document: Document) -> None:
    """Write the font table, which names for each font those to take in its place."""
    entries = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{alternative}"/><w:charset w:val="86"/>'
        '<w:family w:val="auto"/><w:pitch w:val="variable"/></w:font>'
        for name, alternative in _ALTERNATIVES.items()
    )
    xml = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:fonts xmlns:w="{_W}">{entries}</w:fonts>'
    for part in document.part.package.iter_parts():
        if str(part.partname) == "/word/fontTable.xml":
            part._blob = xml.encode()  # noqa: SLF001 — the part is kept as bytes and has no setter


def _page_numbers(document: Document) -> None:
    """Put — 1 — at the outer edge: odd pages right, even pages left, 4号 宋体, one character from the edge."""
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    for footer, align in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.alignment = align
        paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Pt(14)
        add_run(paragraph, "— ", PAGE_FONT, 14)
        _page_field(add_run(paragraph, "", PAGE_FONT, 14))
        add_run(paragraph, " —", PAGE_FONT, 14)


def _page_field(run: Any) -> None:
    for kind in ("begin", None, "end"):
        if kind is None:
            element = OxmlElement("w:instrText")
            element.set(qn("xml:space"), "preserve")
            element.text = "PAGE"
        else:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        run._r.append(element)  # noqa: SLF001 — fields exist in the XML only
