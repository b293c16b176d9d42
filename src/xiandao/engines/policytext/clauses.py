"""Cuts a paragraph into sentences and clauses and says which year governs a place in it."""

import re
from dataclasses import dataclass
from typing import Literal

from xiandao.engines.policytext.quantities import Quantity

_OPEN = {"“": "”", "《": "》", "（": "）", "〔": "〕", "‘": "’", "［": "］", "【": "】"}
_YEAR = r"(?:19|20)\d{2}"
_STOP = "。！？"
_COMMA = "，；：！？。"
_LONGEST = 1500
_FAR = 400
"""An opening mark whose partner is farther off than this has none."""


def sentence_bounds(text: str) -> list[tuple[int, int]]:
    """[start, end) of each sentence; 。！？ inside brackets or quotation marks do not end one."""
    bounds: list[tuple[int, int]] = []
    depth: list[str] = []
    start = 0
    for i, char in enumerate(text):
        if char in _OPEN:
            depth.append(_OPEN[char])
            # an opening mark that is never closed must not swallow the rest of the paragraph
            if text.find(_OPEN[char], i + 1, i + _FAR) < 0:
                depth.pop()
        elif depth and char == depth[-1]:
            depth.pop()
        elif char in _STOP and not depth:
            bounds.append((start, i + 1))
            start = i + 1
    if start < len(text):
        bounds.append((start, len(text)))
    return [(a, b) for a, b in bounds if text[a:b].strip()]


def windows(text: str) -> list[tuple[int, int]]:
    """[start, end) of the sentences, those longer than any real one cut at a comma so that work stays bounded."""
    out: list[tuple[int, int]] = []
    for start, end in sentence_bounds(text):
        here = start
        while end - here > _LONGEST:
            cut = max(text.rfind("；", here, here + _LONGEST), text.rfind("，", here, here + _LONGEST))
            stop = cut + 1 if cut > here else here + _LONGEST
            out.append((here, stop))
            here = stop
        out.append((here, end))
    return out


def clause_bounds(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """[start, end) of the clauses of a sentence: cut at ，；：and at brackets, never inside quotation marks or titles.

    A bracket without a digit in it (首台（套）) stays in its clause.
    """
    bounds: list[tuple[int, int]] = []
    here = start
    i = start
    while i < end:
        char = text[i]
        if char in "“《‘":
            close = text.find(_OPEN[char], i + 1, min(end, i + _FAR))
            i = close if close > 0 else i
        elif char == "（":
            close = text.find("）", i + 1, min(end, i + _FAR))
            if close > 0 and not re.search(r"[\d一二三四五六七八九十百千]", text[i:close]):
                i = close
            elif close > 0:
                bounds.append((here, i))
                here = i + 1
        elif char == "）" or char in _COMMA:
            bounds.append((here, i))
            here = i + 1
        i += 1
    bounds.append((here, end))
    return [(a, b) for a, b in bounds if text[a:b].strip()]


YearKind = Literal["horizon", "base", "each", "within", "range"]


@dataclass(frozen=True, slots=True)
class YearMark:
    """A time expression: where it stands, the year it names and how it governs what follows."""

    start: int
    end: int
    year: int | None
    kind: YearKind
    forward: bool = False


_TIME = re.compile(
    rf"(?P<range>(?P<from>{_YEAR})年?(?:—{{1,2}}|-|~|至|到)(?P<to>{_YEAR})年?(?:底|末|度|期间)?)"
    rf"|(?P<list>(?:{_YEAR}年?[、和及]){{1,5}}{_YEAR}年(?:底|末)?)"
    rf"|(?P<year>{_YEAR})年(?:度|底|末|初|间|全年)?(?:(?P<month>\d{{1,2}})月)?(?:\d{{1,2}}日)?(?:底|末|前|以前|之前)?"
    r"|(?P<plan>“?十(?P<which>[三四五六])五”?(?:规划)?(?P<planend>期?末|期间|时期)?)"
    r"|(?P<each>每年|每一年|历年|逐年)"
    r"|(?P<within>(?:未来)?[一二三四五六七八九十两\d]{1,3}年(?:内|间|累计|时间|左右|努力)?(?=内|间|累计|安排|"
    r"引|培|统|投|新|建|总|共|发|，|计))"
)
_BASE_BEFORE = re.compile(r"(?:较|比|相比|相较于?|对比|以|自|与|从|由|截至|截止|截止到|在)$")
_BASE_AFTER = re.compile(
    r"^(?:的?(?:基础上|基数|水平|同期)|为基[期数准]|以来|相比|增长|提高\d|翻|起|的\d|的[一二三四五六七八九十])"
)
_FORWARD = re.compile(r"(?:到|至|力争|争取|预计|确保|计划|展望)$")
_PLAN_END = {"三": 2020, "四": 2025, "五": 2030, "六": 2035}


def year_marks(text: str) -> list[YearMark]:
    """All time expressions of a text in order; base years (较2024年) are among them but govern nothing."""
    marks: list[YearMark] = []
    for match in _TIME.finditer(text):
        start, end = match.span()
        before, after = text[max(0, start - 4) : start], text[end : end + 6]
        forward = bool(_FORWARD.search(before)) or text[end - 1] in "底末前"
        if match["range"]:
            marks.append(YearMark(start, end, int(match["to"]), "range", forward=True))
        elif match["list"]:
            years = re.finditer(_YEAR, match["list"])
            marks.extend(YearMark(start + y.start(), end, int(y.group()), "horizon", forward) for y in years)
        elif match["year"]:
            base = _BASE_BEFORE.search(before) or _BASE_AFTER.match(after)
            marks.append(YearMark(start, end, int(match["year"]), "base" if base else "horizon", forward))
        elif match["plan"]:
            if match["planend"] and "末" in match["planend"]:
                marks.append(YearMark(start, end, _PLAN_END[match["which"]], "horizon", forward=True))
        elif match["each"]:
            marks.append(YearMark(start, end, None, "each"))
        else:
            marks.append(YearMark(start, end, None, "within"))
    return marks


def governing(marks: list[YearMark], start: int, position: int) -> int | None:
    """The year that governs a place: that of the nearest time expression before it in its sentence."""
    found: int | None = None
    for mark in marks:
        if mark.start < start or mark.kind == "base":
            continue
        if mark.start >= position:
            break
        found = mark.year
    return found


def listed_years(marks: list[YearMark], start: int, position: int) -> list[int]:
    """The years of the last list (2025年、2026年) before a place in its sentence; empty if the last mark is no list."""
    groups: dict[int, list[int]] = {}
    for mark in marks:
        if mark.kind == "horizon" and start <= mark.start < position and mark.year is not None:
            groups.setdefault(mark.end, []).append(mark.year)
    if not groups:
        return []
    last = groups[max(groups)]
    return last if len(last) > 1 else []


def split_coordinates(text: str, start: int, end: int, inside: list[Quantity]) -> list[tuple[int, int]]:
    """Cuts a clause at 、和及 between statements that each have their own number.

    Values of one list (80%、70%、50%) stay together.
    """
    cuts: list[int] = []
    for left, right in zip(inside, inside[1:], strict=False):
        between = text[left.right : right.left]
        mark = between.rfind("、") if not between.startswith("、") else 0
        listed = left.unit_class == right.unit_class and left.unit.lstrip("万亿") == right.unit.lstrip("万亿")
        if mark < 0 or (listed and between.strip("、和及或以与/") == ""):
            continue
        if between.startswith("、") or right.left == left.right + mark + 1 or _closed(between[:mark]):
            cuts.append(left.right + mark)
    pieces: list[tuple[int, int]] = []
    here = start
    for cut in cuts:
        pieces.append((here, cut))
        here = cut + 1
    pieces.append((here, end))
    return pieces


def _closed(words: str) -> bool:
    """Whether the words before a 、 can end a statement (a noun phrase without an open bracket or list)."""
    return "、" not in words and words.count("（") == words.count("）") and len(words) <= 40
