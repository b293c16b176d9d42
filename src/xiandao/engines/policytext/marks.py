"""Numbering marks at the start of a line: 第X章, 第X节, 第X条, 一、, （一）, 1., （1）, ①."""

import re
from dataclasses import dataclass
from enum import IntEnum

from xiandao.engines.policytext.numerals import ordinal


class Style(IntEnum):
    """Numbering styles in their usual order of rank, highest first."""

    CHAPTER = 0
    SECTION = 1
    DUN = 2
    ARTICLE = 3
    PAREN = 4
    ARABIC = 5
    ARABIC_PAREN = 6
    CIRCLED = 7


@dataclass(frozen=True, slots=True)
class Mark:
    """A numbering mark: its style, its number, and [0, length) of the line it takes."""

    style: Style
    number: int
    label: str
    length: int


_N = r"[一二三四五六七八九十百零〇]{1,5}"
_PATTERNS: tuple[tuple[Style, re.Pattern[str]], ...] = (
    (Style.CHAPTER, re.compile(rf"(?P<label>第\s*(?P<n>{_N}|\d{{1,3}})\s*(?:章|篇|部\s*分))\s*[、.：，]?\s*(?!第)")),
    (Style.SECTION, re.compile(rf"(?P<label>第\s*(?P<n>{_N}|\d{{1,3}})\s*节)\s*[、.：，]?\s*")),
    (Style.ARTICLE, re.compile(rf"(?P<label>第\s*(?P<n>{_N}|\d{{1,3}})\s*条)(?!例|款)\s*[、.：，]?\s*")),
    (Style.PAREN, re.compile(rf"(?P<label>（\s*(?P<n>{_N})\s*）)\s*[、.．]?\s*")),
    (Style.DUN, re.compile(rf"(?P<label>(?P<n>{_N}))\s*[、.．]\s*(?!{_N}、)")),
    (Style.ARABIC_PAREN, re.compile(r"(?P<label>（\s*(?P<n>\d{1,3})\s*）|(?P<half>\d{1,2})）)\s*[、.．]?\s*")),
    (
        Style.ARABIC,
        re.compile(r"(?P<label>(?P<n>\d{1,3}))\s*(?:[、．]|\.(?!\d)|\.(?=\d{4}年|\d+(?:G|D|K)\b))\s*(?!\d+[、和]\d)"),
    ),
    (Style.CIRCLED, re.compile(r"(?P<label>(?P<n>[①-⑳]))\s*")),
)
_DECOR = re.compile(r"^[\s#*●◆■★☆>【]*")
_AFTER = re.compile(r"[\u4e00-\u9fff“《A-Za-z\d]")


def read_mark(line: str) -> Mark | None:
    """The numbering mark a folded line begins with, or None. Length counts decoration before the mark too."""
    decor = _DECOR.match(line)
    skip = decor.end() if decor else 0
    for style, pattern in _PATTERNS:
        match = pattern.match(line, skip)
        if match is None:
            continue
        number = _number(match)
        if number is None or number == 0 or number > 400:
            return None
        rest = line[match.end() :]
        if rest and not _AFTER.match(rest):
            return None
        if style is Style.ARABIC and re.match(r"\d", rest) and not re.match(r"\d{4}年|\d+[GDK]", rest):
            return None
        return Mark(style, number, re.sub(r"\s", "", match["label"]), match.end())
    return None


def _number(match: re.Match[str]) -> int | None:
    words = match["n"] if match["n"] is not None else match["half"]
    if "①" <= words <= "⑳":
        return ord(words) - ord("①") + 1
    return ordinal(words)
