"""A list as Word, Excel or pasted text becomes rows: number, name, unit, place, industries, credit code."""

import io
import re
import zipfile
from dataclasses import dataclass
from typing import Any, Final

import docx
from django.utils.translation import gettext as _
from docx.exceptions import PythonDocxError
from docx.opc.exceptions import OpcError
from lxml.etree import LxmlError

from xiandao.domains.ledger.places import plain
from xiandao.domains.progress.faults import BadFields, Fault
from xiandao.domains.shared.archives import ArchiveLimits, Budget, UnsafeArchive, check
from xiandao.domains.shared.excel_in import read_workbook

MOST_ROWS: Final = 500
_LONGEST: Final = 300
_SHORT: Final = {"number": 20, "place": 100}
_LOOK: Final = 10
Table = list[list[str]]
_HEADS: Final[dict[str, re.Pattern[str]]] = {
    "number": re.compile(r"(?:序号|编号|No\.?)\Z", re.IGNORECASE),
    "code": re.compile(r".*(?:信用代码|机构代码)\Z"),
    "unit": re.compile(r".*(?:单位|企业|机构|公司|主体)(?:名称|全称)?\Z"),
    "place": re.compile(r".*(?:地区|所在地|设区市|市、县|县\(市、区\)|属地|地市)\Z"),
    "industry": re.compile(r".*(?:产业|领域)\Z"),
    "name": re.compile(r".*(?:名称|姓名|项目|题目)\Z"),
}
_THREE: Final = ("number", "name", "unit")


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One row of a list as printed. `line`: its number in the table, the first row being 1."""

    line: int
    number: str
    name: str
    unit: str
    place: str
    industry: str
    code: str


def table_of(content: bytes, file_name: str, limits: ArchiveLimits) -> Table:
    """Return the table of a .docx (its largest) or .xlsx (its first sheet). Raises BadFields with what was found."""
    try:
        if file_name.lower().endswith(".xlsx"):
            sheet = next(iter(read_workbook(io.BytesIO(content), limits=limits)), None)
            return [[_cell(value) for value in row] for row in sheet.rows] if sheet else []
        if file_name.lower().endswith(".docx"):
            return _of_word(content, limits)
    except UnsafeArchive as unsafe:
        raise BadFields([("file", str(unsafe.reason))]) from unsafe
    except (zipfile.BadZipFile, OpcError, PythonDocxError, LxmlError, KeyError, ValueError) as broken:
        raise BadFields(
            [("file", _("这个文件已损坏。请在 Word 或 WPS 中打开后重新另存，或粘贴表格内容。"))]
        ) from broken
    raise BadFields([("file", _("只读 .docx 和 .xlsx 文件；其他格式请复制表格，用粘贴方式录入。"))])


def _of_word(content: bytes, limits: ArchiveLimits) -> Table:
    stream = io.BytesIO(content)
    check(stream, Budget(limits))
    stream.seek(0)
    tables = docx.Document(stream).tables
    if not tables:
        raise BadFields([("file", _("这份 Word 里没有表格。请给出有“序号、名称、单位”表格的文件，或粘贴内容。"))])
    largest = max(tables, key=lambda table: len(table.rows))
    return [[_cell(cell.text) for cell in row.cells] for row in largest.rows]


def _cell(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return re.sub(r"\s+", " ", str(value if value is not None else "")).strip()


def table_of_text(text: str) -> Table:
    """Return the table of pasted text: cells parted by tabs, else by two blanks, a vertical line or a comma."""
    lines = [line.strip("\r ") for line in text.splitlines() if line.strip()]
    if any("\t" in line for line in lines):
        return [[_cell(cell) for cell in line.split("\t")] for line in lines]
    return [[_cell(cell) for cell in re.split(r"\s{2,}|\||,|，", line)] for line in lines]


def rows_of(table: Table) -> list[ReadRow]:
    """Return the rows of a list. Raises BadFields naming row and column of every fault.

    The header is the first of ten rows with a 名称 or 单位 beside another known heading; without one, three columns
    are 序号、名称、单位.
    """
    head, columns = _columns(table)
    faults: list[Fault] = []
    found = []
    for line, cells in enumerate(table[head:], start=head + 1):
        if not any(cells):
            continue
        row = {what: cells[place] if place < len(cells) else "" for what, place in columns.items()}
        row["code"] = plain(row.get("code", "")).upper()
        if "name" not in columns:
            row["name"] = row["unit"]
        faults += _faults(line, row)
        given = {what: row.get(what, "") for what in ("number", "name", "unit", "place", "industry", "code")}
        found.append(ReadRow(line=line, **given))
    if not found:
        faults.append(("file", _("表格里没有数据行。")))
    if len(found) > MOST_ROWS:
        faults.append(
            ("file", _("有 %(n)s 行，一份名单最多 %(most)s 行，请分开录入。") % {"n": len(found), "most": MOST_ROWS})
        )
    if faults:
        raise BadFields(faults[:50])
    return found


def _columns(table: Table) -> tuple[int, dict[str, int]]:
    """Return the index of the first data row, and which column holds what."""
    for index, cells in enumerate(table[:_LOOK]):
        columns: dict[str, int] = {}
        for place, cell in enumerate(cells):
            words = plain(cell).replace(" ", "")
            what = next((what for what, head in _HEADS.items() if head.match(words)), None)
            if what and len(words) <= 20:  # noqa: PLR2004 — a heading is short
                columns.setdefault(what, place)
        if len(columns) > 1 and ("name" in columns or "unit" in columns):
            return index + 1, columns
    widths = {len([cell for cell in cells if cell]) for cells in table if any(cells)}
    if widths == {len(_THREE)}:
        return 0, {what: place for place, what in enumerate(_THREE)}
    raise BadFields([("file", _("找不到表头：表格应有“序号、名称、单位”三列（可另有地区、产业、统一社会信用代码）。"))])


def _faults(line: int, row: dict[str, str]) -> list[Fault]:
    faults: list[Fault] = []
    if not row["name"]:
        faults.append(("file", _("第 %(line)s 行“名称”为空。") % {"line": line}))
    for what, label in (("name", _("名称")), ("unit", _("单位"))):
        if len(row.get(what, "")) > _LONGEST:
            faults.append(("file", _("第 %(line)s 行“%(what)s”超过 300 字。") % {"line": line, "what": label}))
    for what, label in (("number", _("序号")), ("place", _("地区"))):
        if len(row.get(what, "")) > _SHORT[what]:
            faults.append(("file", _("第 %(line)s 行“%(what)s”太长。") % {"line": line, "what": label}))
    code = row.get("code", "")
    if code and not re.fullmatch(r"[0-9A-HJ-NP-RTUWXY]{18}", code):
        told = {"line": line, "code": code[:30]}
        faults.append(("file", _("第 %(line)s 行“统一社会信用代码”应为 18 位，这里是“%(code)s”。") % told))
    return faults
