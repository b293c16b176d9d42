"""Reads the rows of a task table: which measure a row names, its goals, who leads and helps, by when."""

import re
from dataclasses import dataclass, field

from xiandao.engines.policytext.duty import Found, read_list
from xiandao.engines.policytext.normalise import Run, squeeze
from xiandao.engines.policytext.tablerows import Cell, Table, sequence_number

_YEAR_COLUMN = re.compile(r"^(20\d{2})年?")


@dataclass(slots=True, eq=False)
class Row:
    """One task row. `goals` holds text cells with the year their column names, if any; `title` the task cell."""

    number: int | None
    title: Run | None
    section: Run | None
    goals: list[tuple[Run, int | None]] = field(default_factory=list)
    duty: Found = field(default_factory=Found)
    deadline: str = ""
    year: int | None = None
    run: Run | None = None


@dataclass(slots=True)
class Indicator:
    """One figure of an indicator table: name and unit of its row, the cell and the year of its column."""

    name: Run
    unit: str
    cell: Run
    year: int | None
    row: Run


def column_role(name: str) -> str:
    """What a column holds, from its header."""
    for role, pattern in _ROLES:
        if pattern.search(name):
            return role
    return "note"


_ROLES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("note", re.compile(r"领导|责任人|联系人|联络员")),
    ("number", re.compile(r"^(?:序号|编号|项号|No\.?)$")),
    ("past", re.compile(r"基[期准]|现状|20\d{2}年?（?(?:实际|现状|基期|完成)")),
    ("yearly", re.compile(r"^20\d{2}年")),
    ("lead", re.compile(r"牵头|主办|主责")),
    ("with", re.compile(r"配合|协办|协同|参与|参加|协助|支持单位")),
    ("responsible", re.compile(r"责任|负责|落实单位|实施(?:单位|主体)|承办|完成单位|(?:主管|归口)部门")),
    ("deadline", re.compile(r"时限|时间|期限|进度|节点|日期|年限")),
    ("unit", re.compile(r"^(?:计量)?单位$")),
    ("note", re.compile(r"备注|属性")),
    ("section", re.compile(r"^(?:专项)?行动$|类别|领域|板块|方向|一级")),
    ("goal", re.compile(r"目标(?!任务)|成果|成效|指标值|要求|数量|规模|内容|(?<!^)举措$|具体|标志")),
    ("task", re.compile(r"任务|事项|举措|措施|项目|名称|指标")),
)


def roles_of(table: Table) -> list[str]:
    """The role of each column; the first text column is the task when no header says so."""
    roles = [column_role(n) for n in table.header]
    if "task" not in roles:
        for i, role in enumerate(roles):
            if role in ("goal", "section", "note"):
                roles[i] = "task"
                break
    seen_task = False
    for i, role in enumerate(roles):
        if role == "task" and seen_task:
            roles[i] = "goal"
        seen_task = seen_task or role == "task"
    return roles


def is_indicator_table(table: Table) -> bool:
    """Whether a table lists figures by year instead of tasks: year columns and nobody responsible, or a unit column."""
    roles = roles_of(table)
    if "lead" in roles or "responsible" in roles:
        return False
    return "yearly" in roles or "unit" in roles or any("指标" in n for n in table.header)


def read_rows(flat: str, table: Table) -> list[Row]:
    """The task rows of a table in order; a row without number or title goes on with the one above."""
    roles = roles_of(table)
    has_lead = "lead" in roles
    out: list[Row] = []
    section: Run | None = None
    marks = dict(table.sections)
    for i, cells in enumerate(table.rows):
        if i in marks:
            section = _run(flat, marks[i])
        row = _read_row(flat, table, cells, roles, has_lead=has_lead)
        row.section = row.section or section
        if row.number is None and (row.title is None or not row.title.text) and out:
            _merge(out[-1], row)
        else:
            out.append(row)
    return out


def _run(flat: str, cell: Cell) -> Run:
    return squeeze(flat, *cell)


def _read_row(flat: str, table: Table, cells: tuple[Cell | None, ...], roles: list[str], *, has_lead: bool) -> Row:
    row = Row(None, None, None)
    filled = [c for c in cells if c is not None and c[1] > c[0]]
    row.run = squeeze(flat, filled[0][0], filled[-1][1]) if filled else None
    for cell, role, name in zip(cells, roles, table.header, strict=True):
        if cell is None or cell[1] <= cell[0]:
            continue
        run = _run(flat, cell)
        if not run.text:
            continue
        if role in ("lead", "with", "responsible"):
            default = "with" if role == "responsible" and has_lead else "" if role == "responsible" else role
            row.duty.add(read_list(run, 0, len(run), default))
        else:
            _fill(row, role, name, run)
    return row


def _fill(row: Row, role: str, name: str, run: Run) -> None:
    """Puts a cell that names no bodies where its column says."""
    if role == "number":
        row.number = sequence_number(run.text)
    elif role == "task":
        row.title = run
    elif role == "section":
        row.section = run
    elif role in ("goal", "yearly"):
        found = _YEAR_COLUMN.match(name) if role == "yearly" else None
        row.goals.append((run, int(found.group(1)) if found else None))
    elif role == "deadline":
        row.deadline = run.text
        year = re.search(r"20\d{2}", run.text)
        row.year = int(year.group()) if year else None


def _merge(above: Row, row: Row) -> None:
    above.goals.extend(row.goals)
    above.duty.add(row.duty)
    above.deadline = above.deadline or row.deadline
    above.year = above.year or row.year


def read_indicators(flat: str, table: Table) -> list[Indicator]:
    """The figures of an indicator table, base-year and present-value columns left out."""
    roles = roles_of(table)
    out: list[Indicator] = []
    last = None
    for cells in table.rows:
        named = [c for c, r in zip(cells, roles, strict=True) if r == "task" and c is not None and c[1] > c[0]]
        units = [c for c, r in zip(cells, roles, strict=True) if r == "unit" and c is not None and c[1] > c[0]]
        name = _run(flat, named[-1]) if named else last
        if name is None or not name.text:
            continue
        last = name
        filled = [c for c in cells if c is not None and c[1] > c[0]]
        unit = _run(flat, units[0]).text if units else ""
        bracket = re.search(r"（([^（）]{1,10})）$", name.text)
        unit = unit or (bracket.group(1) if bracket else "")
        for cell, role, header in zip(cells, roles, table.header, strict=True):
            if cell is None or cell[1] <= cell[0] or role not in ("yearly", "goal"):
                continue
            year = _YEAR_COLUMN.match(header)
            first = name.at[0] if filled[0][0] <= name.at[0] < filled[-1][1] else filled[0][0]
            row = squeeze(flat, first, filled[-1][1])
            out.append(
                Indicator(name, unit.strip("（）()"), _run(flat, cell), int(year.group(1)) if year else None, row)
            )
    return out
