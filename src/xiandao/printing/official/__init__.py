"""Official documents (公文) after GB/T 9704-2012: one content, printed as Word and as PDF."""

from xiandao.printing.official.fonts import NoChineseFont
from xiandao.printing.official.model import (
    Annex,
    Block,
    Figures,
    Heading,
    KeyFigure,
    Note,
    OfficialDocument,
    PageBreak,
    Paragraph,
    Run,
    Table,
    Text,
)
from xiandao.printing.official.to_pdf import pdf
from xiandao.printing.official.to_word import word

__all__ = [
    "Annex",
    "Block",
    "Figures",
    "Heading",
    "KeyFigure",
    "NoChineseFont",
    "Note",
    "OfficialDocument",
    "PageBreak",
    "Paragraph",
    "Run",
    "Table",
    "Text",
    "pdf",
    "word",
]
