"""Finds task tables flattened to lines and rebuilds their rows, whatever separates the cells.

Cells may be parted by tabs, by several blanks, by |, by single blanks, or stand one on a line; rows may run over
several lines. The header row names the columns.
"""

import re
from dataclasses import dataclass

from xiandao.engines.policytext.numerals import ordinal

Cell = tuple[int, int]
"""[start, end) in the folded text."""


@dataclass(frozen=True, slots=True)
class Line:
    """One physical line: [start, end) in the folded text, line break left out."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Table:
    """Header names and rows of cells. `section` rows (一 科技创新行动) hold one title and part the others."""

    start: int
    end: int
    header: tuple[str, ...]
    rows: tuple[tuple[Cell | None, ...], ...]
    sections: tuple[tuple[int, Cell], ...]
    lines: tuple[int, ...]


HEADER = re.compile(
    r"(?:序\s*号|编\s*号|项\s*号|No\.?|(?:一|二|三)级(?:任务|指标)|(?:专项)?行动|类\s*别|领\s*域|板\s*块|"
    r"方\s*向|维\s*度|"
    r"(?:重点|主要|工作|具体|专项|行动|目标)?任\s*务(?:名称|内容|事项|清单|举措)?|(?:重点|主要|工作|具体|任务|"
    r"政策)?(?:事\s*项|举\s*措|措\s*施|内\s*容)(?:名称|内容)?|"
    r"(?:主要|具体|工作|重点|年度|任务|预期|量化|阶段|建设|主要预期|总体)?(?:目\s*标|成\s*果|成\s*效|指\s*标|"
    r"要\s*求)(?:名称|值|任务|要求|内容|成果|形式)?|"
    r"(?:标志性|预期|可量化)(?:成果|目标|指标)|工作目标和?要求|目标任务|"
    r"(?:牵头|责任|配合|协同|协办|主办|主责|参与|参加|承办|实施|负责|落实|支持|协助|第一责任|牵头责任|"
    r"责任牵头)(?:责任)?(?:单\s*位|部\s*门|主\s*体|处\s*室|科\s*室|机\s*构)?(?:（[^）]{1,12}）)?|"
    r"(?:完成|推进|实施|工作|办结|达成)?(?:时\s*限|时\s*间|期\s*限|进\s*度|时间节点|节点|日期|年限)(?:要求|"
    r"安排|计划)?|(?:20\d{2}年)(?:目标|指标|任务|底?目标|末?目标|计划|度)?(?:（[^）]{1,8}）)?|"
    r"备\s*注|单\s*位|计量单位|属\s*性|基\s*[期准](?:值|年)?|(?:现状|目标|规划)值?|年均(?:增长|增速).{0,4}|"
    r"指标属性|项目(?:名称|内容)?|名\s*称|地\s*区|区\s*域|数\s*量|规\s*模)"
)
_DATE = re.compile(
    r"^(?:20\d{2}年?.{0,14}|长期|持续(?:推进|实施|开展)?|每年.{0,10}|常态化?.{0,8}|全年|年度|立即|即时|"
    r"\d{1,2}月(?:底|末)?(?:前)?|.{0,4}底前|贯穿全过程)$"
)
_SEQUENCE = re.compile(
    r"^(?:（?[一二三四五六七八九十]{1,3}）?[、.]?|（?\d{1,3}）?[、.．]?|第[一二三四五六七八九十]+[条项])$"
)
_CHINESE_SEQUENCE = re.compile(r"^（?[一二三四五六七八九十]{1,3}）?[、.]?$")


def squash(words: str) -> str:
    """Words without blanks and void characters."""
    return re.sub(r"[\s\x00]+", "", words)


def split_cells(flat: str, line: Line, *, loose: bool) -> list[Cell]:
    """The cells of a line. `loose` parts at single blanks too, for tables that have nothing else."""
    text = flat[line.start : line.end]
    if "|" in text:
        pattern = r"\|"
    elif "\t" in text:
        pattern = r"\t"
    else:
        pattern = r" +" if loose else r" {2,}"
    cells: list[Cell] = []
    here = 0
    for match in re.finditer(pattern, text):
        cells.append((line.start + here, line.start + match.start()))
        here = match.end()
    cells.append((line.start + here, line.start + len(text)))
    if "|" in text:
        cells = cells[1 if not text[: text.find("|")].strip() else 0 :]
        if cells and not flat[cells[-1][0] : cells[-1][1]].strip():
            cells.pop()
    elif "\t" not in text:
        cells = [c for c in cells if flat[c[0] : c[1]].strip()]
    return [_strip(flat, c) for c in cells]


def _strip(flat: str, cell: Cell) -> Cell:
    start, end = cell
    while start < end and flat[start] in " \t\n\x00":
        start += 1
    while end > start and flat[end - 1] in " \t\n\x00":
        end -= 1
    return start, end


def words_of(flat: str, cell: Cell | None) -> str:
    """A cell's words, blanks taken out."""
    return "" if cell is None else squash(flat[cell[0] : cell[1]])


def header_names(flat: str, cells: list[Cell]) -> tuple[str, ...] | None:
    """Column names if a line of cells is the header of a table: at least three, nearly all of them known."""
    names = tuple(words_of(flat, c) for c in cells)
    if len(names) < 3 or any(len(n) > 16 for n in names):
        return None
    known = sum(bool(HEADER.fullmatch(n)) for n in names)
    return names if known >= 2 and known >= len(names) - 1 - len(names) // 4 else None


def is_sequence(words: str) -> bool:
    """Whether a cell holds a row number."""
    return bool(_SEQUENCE.match(words))


def sequence_number(words: str) -> int | None:
    """The number of a row, None if the cell holds none."""
    found = re.search(r"\d+|[一二三四五六七八九十]+", words)
    return ordinal(found.group()) if found and is_sequence(words) else None


def is_section_sequence(words: str) -> bool:
    """一, （二）: numbers that part a table whose rows have Arabic ones."""
    return bool(_CHINESE_SEQUENCE.match(words))


def looks_like_deadline(words: str) -> bool:
    """Whether a cell holds a date or a term such as 长期."""
    return bool(_DATE.match(words))


def is_rule_line(flat: str, line: Line) -> bool:
    """A markdown or drawn rule between header and rows."""
    return bool(re.fullmatch(r"[\s|:：\-—=+─━│┃┌┐└┘├┤┬┴┼]+", flat[line.start : line.end]))
