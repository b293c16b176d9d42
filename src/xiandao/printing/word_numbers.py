"""Writes out the numbers Word makes itself (一、（一）1. …), which stand nowhere in the text of a document."""

import re
from collections import defaultdict
from typing import Any, Final

from docx.document import Document
from docx.oxml.ns import qn

_DIGITS: Final = "零一二三四五六七八九"
_TEN: Final = 10
_CHINESE: Final = {
    "chineseCounting",
    "chineseCountingThousand",
    "japaneseCounting",
    "taiwaneseCounting",
    "taiwaneseCountingThousand",
    "ideographDigital",
    "japaneseDigitalTenThousand",
}
_DEEPEST: Final = 9


def chinese_number(number: int) -> str:
    """Return 1 to 99 in Chinese numerals (十二, 二十); larger numbers digit by digit, as Word counts sections."""
    if not 0 < number < _TEN * _TEN:
        return "".join(_DIGITS[int(digit)] for digit in str(number))
    tens, ones = divmod(number, _TEN)
    head = "" if tens == 0 else ("十" if tens == 1 else f"{_DIGITS[tens]}十")
    return head + (_DIGITS[ones] if ones else "")


class Numbers:
    """Counts the numbered paragraphs of one document in the order they are asked for."""

    def __init__(self, document: Document) -> None:
        self._lists = self._read(document)
        self._styles = self._read_styles(document)
        self._counts: dict[str, list[int]] = defaultdict(lambda: [0] * _DEEPEST)

    def label(self, paragraph: Any) -> str:
        """Return the number before a paragraph, "" if it has none or a bullet."""
        list_id, level = self._place(paragraph)
        if list_id not in self._lists or not 0 <= level < _DEEPEST:
            return ""
        shared, levels = self._lists[list_id]
        counts = self._counts[shared]
        counts[level] += 1
        counts[level + 1 :] = [0] * (_DEEPEST - level - 1)
        kind, text, _ = levels.get(level, ("none", "", 1))
        if kind in ("bullet", "none"):
            return ""
        return re.sub(r"%(\d)", lambda found: self._number(levels, counts, int(found[1]) - 1), text)

    def _number(self, levels: dict[int, tuple[str, str, int]], counts: list[int], level: int) -> str:
        kind, _, start = levels.get(level, ("decimal", "", 1))
        number = max(counts[level], 1) + start - 1
        return chinese_number(number) if kind in _CHINESE else str(number)

    def _place(self, paragraph: Any) -> tuple[str, int]:
        """Return list and level of a paragraph: its own, else those of its style."""
        properties = paragraph.find(qn("w:pPr"))
        if properties is None:
            return "", 0
        own = properties.find(qn("w:numPr"))
        style = properties.find(qn("w:pStyle"))
        inherited = self._styles.get(style.get(qn("w:val")), ("", 0)) if style is not None else ("", 0)
        if own is None:
            return inherited
        list_id, level = own.find(qn("w:numId")), own.find(qn("w:ilvl"))
        return (
            list_id.get(qn("w:val")) if list_id is not None else inherited[0],
            int(level.get(qn("w:val"))) if level is not None else inherited[1],
        )

    @staticmethod
    def _read(document: Document) -> dict[str, tuple[str, dict[int, tuple[str, str, int]]]]:
        """Return per list the id of what it shares its counter with and (kind, text, start) per level."""
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError):  # a document without any list
            return {}
        shared = {
            item.get(qn("w:abstractNumId")): {
                int(level.get(qn("w:ilvl"))): (
                    _value(level, "w:numFmt", "decimal"),
                    _value(level, "w:lvlText", ""),
                    int(_value(level, "w:start", "1")),
                )
                for level in item.findall(qn("w:lvl"))
            }
            for item in root.findall(qn("w:abstractNum"))
        }
        lists = {}
        for item in root.findall(qn("w:num")):
            base = _value(item, "w:abstractNumId", "")
            own = item.get(qn("w:numId"))
            restarts = item.find(f"{qn('w:lvlOverride')}/{qn('w:startOverride')}") is not None
            lists[own] = (f"num {own}" if restarts else base, shared.get(base, {}))
        return lists

    @staticmethod
    def _read_styles(document: Document) -> dict[str, tuple[str, int]]:
        """Return per style that numbers its paragraphs the list and the level."""
        found: dict[str, tuple[str, int]] = {}
        for style in document.styles.element.findall(qn("w:style")):
            numbering = style.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
            if numbering is not None:
                level = int(_value(numbering, "w:ilvl", "0"))
                found[style.get(qn("w:styleId"))] = (_value(numbering, "w:numId", ""), level)
        return found


def _value(element: Any, name: str, default: str) -> str:
    child = element.find(qn(name))
    return default if child is None else str(child.get(qn("w:val"), default))
