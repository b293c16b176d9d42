"""Folds widths, dashes and blanks of a text without losing where each character stood.

`fold` keeps the length, so an offset in the folded text is an offset in the text given. `Run` is a piece of folded
text from which line breaks, blanks between Chinese characters, invisible characters and mark-up have been taken out,
together with the original offset of every character that is left.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from xiandao.engines.policytext.model import Citation, Span

VOID = "\x00"
"""Stands for a character that is no text: zero-width, mark-up, an entity."""

_SPECIAL = {
    "(": "（",
    ")": "）",
    ";": "；",
    "?": "？",
    "!": "！",
    "[": "［",
    "]": "］",
    "–": "—",
    "―": "—",
    "─": "—",
    "━": "—",
    "﹣": "-",
    "‐": "-",
    "‑": "-",
    "−": "-",
    "～": "~",
    "〜": "~",
    "∼": "~",
    "˜": "~",
    "「": "“",
    "」": "”",
    "『": "“",
    "』": "”",
    "〝": "“",
    "〞": "”",
    "„": "“",
    "‟": "“",
    "﹒": ".",
    "•": "●",
    "∙": "●",
    "\r": "\n",
    "\x0b": "\n",
    "\x0c": "\n",
    "\x85": "\n",
    "\u2028": "\n",
    "\u2029": "\n",
    "\n": "\n",
    "\t": "\t",
    "…": "…",
    "㎡": "㎡",
}
_SPACE = {"\xa0", "\u1680", "\u202f", "\u205f", "\u3000", *(chr(c) for c in range(0x2000, 0x200B))}
_ENTITY = re.compile(r"&(?:nbsp|ensp|emsp|ldquo|rdquo|mdash|middot|bull|lt|gt|amp|quot);")
_ENTITY_CHAR = {"ldquo": "“", "rdquo": "”", "mdash": "—", "middot": "·", "bull": "●", "quot": '"'}
_TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9]{0,9}(?:\s[^<>\n]{0,300})?/?>")
_BLOCK_TAG = re.compile(r"</?(?:p|br|div|tr|li|h\d|table|section)\b", re.IGNORECASE)


class _Folding(dict[int, str]):
    """str.translate table filled as characters are met."""

    def __missing__(self, code: int) -> str:
        folded = _fold_char(chr(code))
        self[code] = folded
        return folded


def _fold_char(char: str) -> str:
    if char in _SPECIAL:
        return _SPECIAL[char]
    if char in _SPACE:
        return " "
    if unicodedata.category(char) in ("Cf", "Cc", "Co", "Cs"):
        return VOID
    if "①" <= char <= "⑳":
        # a circled number is a numbering mark, not a digit
        return char
    wide = unicodedata.normalize("NFKC", char)
    if len(wide) == 1:
        return _SPECIAL.get(wide, wide)
    return char


_TABLE = _Folding()
_COLON = re.compile(r":(?!\d)|(?<!\d):")
_COMMA = re.compile(r",(?!\d{3}(?!\d))|(?<!\d),")


def fold(text: str) -> str:
    """The text with one form for each character, at the same length."""
    out = text
    if "<" in out:
        out = _TAG.sub(_blank_tag, out)
    if "&" in out:
        out = _ENTITY.sub(_blank_entity, out)
    out = out.translate(_TABLE)
    return _COMMA.sub("，", _COLON.sub("：", out))


def _blank_tag(match: re.Match[str]) -> str:
    first = "\n" if _BLOCK_TAG.match(match.group()) else VOID
    return first + VOID * (len(match.group()) - 1)


def _blank_entity(match: re.Match[str]) -> str:
    body = match.group()[1:-1]
    return _ENTITY_CHAR.get(body, " ") + VOID * (len(body) + 1)


@dataclass(frozen=True, slots=True)
class Run:
    """Squeezed text and, for each of its characters, the offset in the original."""

    text: str
    at: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.text)

    def cut(self, start: int, end: int | None = None) -> "Run":
        """The part [start, end) of this run, blanks at its ends removed."""
        stop = len(self.text) if end is None else end
        while start < stop and self.text[start].isspace():
            start += 1
        while stop > start and self.text[stop - 1].isspace():
            stop -= 1
        return Run(self.text[start:stop], self.at[start:stop])

    def span(self, start: int = 0, end: int | None = None) -> Span:
        """Where [start, end) of this run stands in the original; the run must not be empty there."""
        stop = len(self.text) if end is None else end
        return Span(self.at[start], self.at[stop - 1] + 1)


EMPTY = Run("", ())


def join(runs: Iterable[Run]) -> Run:
    """One run of several, in order, nothing between them."""
    parts = [run for run in runs if run.text]
    return Run("".join(r.text for r in parts), tuple(i for r in parts for i in r.at))


def squeeze(flat: str, start: int, end: int) -> Run:
    """The run of folded text [start, end): line breaks and void characters dropped, a blank kept only between Latin words."""
    chars: list[str] = []
    at: list[int] = []
    gap = -1
    for offset in range(start, end):
        char = flat[offset]
        if char in " \t\n":
            gap = offset
            continue
        if char == VOID:
            continue
        if gap >= 0 and chars and _keeps_gap(chars[-1], char):
            chars.append(" ")
            at.append(gap)
        gap = -1
        chars.append(char)
        at.append(offset)
    return Run(_curl("".join(chars)), tuple(at))


def _keeps_gap(left: str, right: str) -> bool:
    return left.isascii() and right.isascii() and left.isalpha() and (right.isalpha() or right.isdigit())


def _curl(text: str) -> str:
    """Straight double quotation marks made opening and closing in turn, unless the paragraph has curly ones too few."""
    if '"' not in text:
        return text
    out: list[str] = []
    opening = True
    for char in text:
        if char == '"':
            out.append("“" if opening else "”")
            opening = not opening
        else:
            out.append(char)
    return "".join(out)


def cite(source: str, run: Run, start: int = 0, end: int | None = None) -> Citation:
    """The original wording of [start, end) of a run: the characters as published, what squeezing dropped left out."""
    stop = len(run.text) if end is None else end
    words = "".join(" " if source[i].isspace() else source[i] for i in run.at[start:stop])
    return Citation(words, run.span(start, stop))
