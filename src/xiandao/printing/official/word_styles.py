"""The styles of an official document in Word: one per element of the standard, so that an office can change each."""

from dataclasses import dataclass
from typing import Any, Final

from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from xiandao.printing.word_layout import (
    BODY_FONT,
    HEADING_FONT,
    KAI_FONT,
    LATIN_FONT,
    LINE_TWIPS,
    PAGE_FONT,
    TITLE_FONT,
)

_TWO_CHARACTERS: Final = '<w:ind w:firstLineChars="200" w:firstLine="640"/>'
_EXACT: Final = f'<w:spacing w:before="0" w:after="0" w:line="{LINE_TWIPS}" w:lineRule="exact"/>'
_TITLE_LINES: Final = '<w:spacing w:before="0" w:after="0" w:line="640" w:lineRule="exact"/>'
_FREE: Final = '<w:snapToGrid w:val="0"/><w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/>'
_ROOMY: Final = '<w:snapToGrid w:val="0"/><w:spacing w:before="120" w:after="120" w:line="240" w:lineRule="auto"/>'
_KEEP: Final = "<w:keepNext/><w:keepLines/>"


@dataclass(frozen=True, slots=True)
class Look:
    """A paragraph style: identifier, name shown in Word, font, size in points, and properties as XML in their order."""

    id: str
    name: str
    font: str
    size: float
    paragraph: str
    run: str = ""


def _heading(level: int, font: str) -> Look:
    outline = f'{_KEEP}{_EXACT}{_TWO_CHARACTERS}<w:jc w:val="left"/><w:outlineLvl w:val="{level - 1}"/>'
    return Look(f"Heading{level}", f"heading {level}", font, 16, outline)


def _cell(size: float, name: str) -> tuple[Look, Look]:
    suffix = f"{size:g}".replace(".", "")
    return (
        Look(f"TableText{suffix}", f"表格文字 {name}", BODY_FONT, size, _FREE),
        Look(f"TableHead{suffix}", f"表头 {name}", HEADING_FONT, size, f'<w:keepNext/>{_FREE}<w:jc w:val="center"/>'),
    )


LOOKS: Final = (
    Look("Body", "公文正文", BODY_FONT, 16, _EXACT + _TWO_CHARACTERS),
    Look("Flush", "公文正文 顶格", BODY_FONT, 16, _EXACT),
    _heading(1, HEADING_FONT),
    _heading(2, KAI_FONT),
    _heading(3, BODY_FONT),
    _heading(4, BODY_FONT),
    Look("Title", "Title", TITLE_FONT, 22, f'{_KEEP}<w:snapToGrid w:val="0"/>{_TITLE_LINES}<w:jc w:val="center"/>'),
    Look("BelowTitle", "题注", KAI_FONT, 16, f'{_EXACT}<w:jc w:val="center"/>'),
    Look("RedHead", "发文机关标志", TITLE_FONT, 54, f'{_FREE}<w:jc w:val="center"/>', '<w:color w:val="FF0000"/>'),
    Look("RedLine", "发文字号", BODY_FONT, 16, f'{_EXACT}<w:jc w:val="center"/>'),
    Look("AnnexMark", "附件序号", HEADING_FONT, 16, f"{_KEEP}{_EXACT}"),
    Look("AnnexList", "附件说明", BODY_FONT, 16, _EXACT),
    Look("Signature", "署名和日期", BODY_FONT, 16, f'<w:keepLines/>{_EXACT}<w:jc w:val="right"/>'),
    *_cell(12, "小四"),
    *_cell(10.5, "五号"),
    Look("TableCaption", "表题", HEADING_FONT, 12, f'{_KEEP}{_ROOMY}<w:jc w:val="center"/>'),
    Look("Remark", "注释", KAI_FONT, 10.5, f'{_ROOMY}<w:jc w:val="left"/>'),
    Look("FigureValue", "要数", HEADING_FONT, 18, f'{_KEEP}{_ROOMY}<w:jc w:val="center"/>'),
    Look("FigureLabel", "要数名称", KAI_FONT, 10.5, f'{_FREE}<w:jc w:val="center"/>'),
    Look("Imprint", "版记", BODY_FONT, 14, f'{_FREE}<w:jc w:val="left"/>'),
    Look("FootnoteText", "footnote text", PAGE_FONT, 9, f'{_FREE}<w:jc w:val="left"/>'),
    Look("Footer", "footer", PAGE_FONT, 14, '<w:snapToGrid w:val="0"/><w:spacing w:line="280" w:lineRule="exact"/>'),
    Look("Spacer", "间隔", BODY_FONT, 1, '<w:snapToGrid w:val="0"/><w:spacing w:line="20" w:lineRule="exact"/>'),
)

_BASE: Final = """
<w:styles {namespaces}>
  <w:docDefaults>
    <w:rPrDefault><w:rPr>{fonts}<w:kern w:val="2"/><w:sz w:val="32"/><w:szCs w:val="32"/>
      <w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>
    <w:pPrDefault/>
  </w:docDefaults>
  <w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>
    <w:pPr><w:widowControl w:val="0"/>{exact}<w:jc w:val="both"/></w:pPr></w:style>
  <w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">
    <w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>
  <w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:uiPriority w:val="99"/>
    <w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>
      <w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/>
      <w:bottom w:w="0" w:type="dxa"/><w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>
  <w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/><w:semiHidden/></w:style>
  <w:style w:type="character" w:styleId="FootnoteReference"><w:name w:val="footnote reference"/>
    <w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>
  {looks}
</w:styles>"""


def set_styles(document: Document) -> None:
    """Put the styles of official documents in the place of those a new document brings."""
    looks = "".join(map(_xml, LOOKS))
    made = parse_xml(_BASE.format(namespaces=nsdecls("w"), fonts=_fonts(BODY_FONT), exact=_EXACT, looks=looks))
    styles: Any = document.styles.element
    for child in list(styles):
        styles.remove(child)
    styles.extend(list(made))


def _xml(look: Look) -> str:
    size = round(look.size * 2)
    return (
        f'<w:style w:type="paragraph" w:styleId="{look.id}"><w:name w:val="{look.name}"/><w:basedOn w:val="Normal"/>'
        f"<w:qFormat/><w:pPr>{look.paragraph}</w:pPr>"
        f'<w:rPr>{_fonts(look.font)}{look.run}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr></w:style>'
    )


def _fonts(font: str) -> str:
    latin = f'w:ascii="{LATIN_FONT}" w:hAnsi="{LATIN_FONT}" w:cs="{LATIN_FONT}"'
    return f'<w:rFonts {latin} w:eastAsia="{font}" w:hint="eastAsia"/>'
