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
    r"^[【［〔\s]*专\s*栏\s*(?:\d{1,2}|[一二三四五六七八九十]{1,3})?(?:[-—.]\d{1,2})?\s*(?:[：:．.、｜|\s]|】|］|$|(?=[\u4e00-\u9fff]))"
)
_BOX_END = re.compile(r"^[【［（(]?\s*(?:/?专栏(?:结束|完|至此)|以上为专栏.{0,8})\s*[】］）)]?$")
ANNEX = re.compile(
    r"^附\s*[件表录](?:\s*[\d一二三四五六七八九十]{1,2})?\s*(?:[：:].*|[-—.]\d+|\s.{0,60}|.{0,40}(?:表|清单|目录|名单|图|方案|计划|措施|意见))?$"
)
BULLET = re.compile(r"^(?:[—–]{1,3}|-{2,}|[●◆■□☆★▲△※◇○▪►·]|[*-](?=\s*[\u4e00-\u9fff]))\s*")
_NOTE = re.compile(r"^(?:说明|备注|注|注释|注解|填表说明)\s*\d*\s*[：:]")
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
        lines.append(Line(here, match.start()))
        here = match.end()
    lines.append(Line(here, len(flat)))
    return lines


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
    if BOX.match(text) and len(text) <= 60 and not _BOX_PROSE.search(text):
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


_FOOT_PROSE = 4
_PROSE_LENGTH = 22


def _foot_start(flat: str, lines: list[Line], of_line: dict[int, Table]) -> int:
    """The first line of the page's foot: below it stand no headings with text, no annex, no table, no run of prose.

    Buttons such as 分享到 stand above the text as well as below it, and hard-wrapped pages have no long line to stop at:
    a run of several lines of prose is the text itself.
    """
    start = len(lines)
    prose = 0
    for i in range(len(lines) - 1, -1, -1):
        text = squash(flat[lines[i].start : lines[i].end])
        if not text:
            continue
        if (
            i in of_line
            or (ANNEX.match(text) and len(text) < 40)
            or (read_mark(text) and len(text) > 60)
            or len(text) > 300
        ):
            break
        if is_foot(text) and not (LABEL.match(text) and start == len(lines)):
            start, prose = i, 0
        elif len(text) >= _PROSE_LENGTH and not is_furniture(text):
            prose += 1
            if prose >= _FOOT_PROSE:
                break
    return start
