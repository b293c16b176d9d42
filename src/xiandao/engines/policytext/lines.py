"""Sorts the physical lines of a text: furniture, header fields, headings, labelled lines, boxes, tables, prose."""

import re
from dataclasses import dataclass
from typing import Literal

from xiandao.engines.policytext.duty import LABEL
from xiandao.engines.policytext.furniture import is_closing, is_foot, is_furniture, is_meta
from xiandao.engines.policytext.marks import Mark, Style, read_mark
from xiandao.engines.policytext.tablerows import Line, Table, squash
from xiandao.engines.policytext.tables import find_tables

LineKind = Literal[
    "blank",
    "furniture",
    "meta",
    "closing",
    "mark",
    "label",
    "box",
    "boxend",
    "annex",
    "table",
    "bullet",
    "note",
    "text",
]

BOX = re.compile(
    r"^[【［〔\s]*专\s*栏\s*(?:\d{1,2}|[一二三四五六七八九十]{1,3})?(?:[-—.]\d{1,2})?\s*(?:[：:．.、｜|\s]|】|"
    r"］|$|(?=[\u4e00-\u9fff]))"
)
_BOX_END = re.compile(r"^[【［（(]?\s*(?:/?专栏(?:结束|完|至此)|以上为专栏.{0,8})\s*[】］）)]?$")
ANNEX = re.compile(
    r"^附\s*[件表录](?:\s*[\d一二三四五六七八九十]{1,2})?\s*(?:[：:].*|[-—.]\d+|\s.{0,60}|.{0,40}(?:表|清单|"
    r"目录|名单|图|方案|计划|措施|意见))?$"
)
BULLET = re.compile(r"^(?:[—–]{1,3}|-{2,}|[●◆■□☆★▲△※◇○▪►·]|[*-](?=\s*[\u4e00-\u9fff]))\s*")
_NOTE = re.compile(r"^(?:说明|备注|注|注释|注解|填表说明)\s*\d*\s*[：:]")
_BOX_LONG = re.compile(
    r"^[【［]?专\s*栏\s*(?:\d{1,2}|[一二三四五六七八九十]{1,3})[】］]?\s*(?:[：:]|\s)\s*[^，。；]{2,30}[：:。]"
)
_BOX_PROSE = re.compile(r"[。；]|专栏(?:所列|中的|内|明确|任务|的)")


@dataclass(frozen=True, slots=True)
class Sorted:
    """A physical line, its kind, and its numbering mark or table if it has one."""

    line: Line
    kind: LineKind
    text: str
    mark: Mark | None = None
    table: Table | None = None


def split_lines(flat: str) -> list[Line]:
    """Physical lines of the folded text."""
    lines: list[Line] = []
    here = 0
    for match in re.finditer(r"\n", flat):
        lines.extend(_unrolled(flat, here, match.start()))
        here = match.end()
    lines.extend(_unrolled(flat, here, len(flat)))
    return lines


_INNER_MARK = re.compile(
    r"(?:(?<=[。）】：”])|(?<=\s))\s*(?P<mark>第[一二三四五六七八九十\d]{1,4}[章节条]|"
    r"（[一二三四五六七八九十]{1,4}）|[一二三四五六七八九十]{1,3}、|\d{1,2}[.．、](?=\D))"
)
_ROLLED = 400


def _unrolled(flat: str, start: int, end: int) -> list[Line]:
    """A physical line; one that holds a whole text (every paragraph run into one) is parted before its headings."""
    if end - start < _ROLLED:
        return [Line(start, end)]
    cuts = [m.start("mark") for m in _INNER_MARK.finditer(flat, start, end)]
    marks = [read_mark(flat[c : c + 60]) for c in cuts]
    styles = {m.style for m in marks if m}
    steps = sum(
        a is not None and b is not None and a.style == b.style and b.number == a.number + 1
        for s in styles
        for a, b in zip(
            [m for m in marks if m and m.style == s], [m for m in marks if m and m.style == s][1:], strict=False
        )
    )
    if len(cuts) < 4 or steps < 3 or len(styles) < 2:
        return [Line(start, end)]
    cuts = [c for c, m in zip(cuts, marks, strict=True) if m]
    # what stands before the first heading is title, number, salutation and signature, parted by blanks
    cuts = [m.end() for m in re.finditer(r"(?<=\S) +(?=\S)", flat[: cuts[0]]) if m.start() >= start] + cuts
    return [Line(a, b) for a, b in zip([start, *cuts], [*cuts, end], strict=True)]


def sort_lines(flat: str) -> list[Sorted]:
    """Every line of the text with its kind, in order."""
    lines = split_lines(flat)
    tables = find_tables(flat, lines)
    of_line = {n: t for t in tables for n in t.lines}
    foot = _foot_start(flat, lines, of_line)
    seen_mark = False
    out: list[Sorted] = []
    for i, line in enumerate(lines):
        text = flat[line.start : line.end].replace("\x00", "").strip()
        table = of_line.get(i)
        if not text:
            kind: LineKind = "blank"
        elif table is not None:
            kind = "table"
        elif i >= foot:
            kind = "furniture"
        else:
            kind = _kind(text, seen_mark=seen_mark)
        mark = read_mark(flat[line.start : line.end].replace("\x00", "").strip()) if kind == "mark" else None
        if mark and mark.style <= Style.PAREN:
            seen_mark = True
        out.append(Sorted(line, kind, text, mark, table))
    return out


def _kind(text: str, *, seen_mark: bool) -> LineKind:
    if is_closing(text):
        return "closing"
    if not seen_mark and is_meta(text):
        return "meta"
    if BOX.match(text) and ((len(text) <= 60 and not _BOX_PROSE.search(text)) or _BOX_LONG.match(text)):
        return "box"
    if _BOX_END.match(text):
        return "boxend"
    if ANNEX.match(text) and len(text) <= 120:
        return "annex"
    if LABEL.match(text):
        return "label"
    if is_furniture(text):
        return "furniture"
    if read_mark(text):
        return "mark"
    if _NOTE.match(text):
        return "note"
    return "bullet" if BULLET.match(text) else "text"


_PROSE_LENGTH = 22


def _foot_start(flat: str, lines: list[Line], of_line: dict[int, Table]) -> int:
    """The first line of the page's foot: it stands below the last heading, table and annex of the text.

    Buttons such as 分享到 stand above the text as well; what is above a heading is never the foot.
    """
    texts = [squash(flat[x.start : x.end]) for x in lines]
    last = -1
    for i, text in enumerate(texts):
        if i in of_line or (ANNEX.match(text) and len(text) < 40 and not is_foot(text)) or _is_heading(texts, i):
            last = i
    return next((i for i in range(last + 1, len(lines)) if is_foot(texts[i])), len(lines))


def _is_heading(texts: list[str], i: int) -> bool:
    """Whether a line is a heading of the text and no entry of a list of links."""
    mark = read_mark(texts[i])
    if mark is None:
        return False
    if mark.style <= Style.PAREN:
        return not is_furniture(texts[i])
    following = texts[i + 1] if i + 1 < len(texts) else ""
    return "。" in texts[i] or (
        len(following) > _PROSE_LENGTH and bool(re.search(r"[，。]", following)) and not is_foot(following)
    )
