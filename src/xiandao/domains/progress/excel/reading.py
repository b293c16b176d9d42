"""Reading a workbook in: its sheets by their keys, what it says of itself, and cells that hold an Excel error."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any, Final
from zipfile import ZipFile

from lxml import etree

from xiandao.domains.progress.excel.layout import BY_CODE, FAULTS, KEYS_WITHIN, MARK, Form
from xiandao.domains.shared.archives import PIECE, ArchiveLimits
from xiandao.domains.shared.excel_in import read_workbook

Cells = list[Any]
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Mark:
    """What a file says of itself: made for which plan, period, organisation, city ("" for one body); its language."""

    version: str
    plan: str
    period: str
    organisation: str
    city: str
    language: str


@dataclass(slots=True)
class SheetIn:
    """One sheet as it came. `form` is None for sheets of the user's own. `at` is the index of the row of keys."""

    name: str
    rows: list[Cells]
    form: Form | None = None
    at: int = 0
    columns: dict[str, int] = field(default_factory=dict)
    # The column of faults of an annotated copy, taken out on reading.
    dropped: int | None = None
    # Cells that show an error such as #N/A, which the reader gives as blank: (row, column) from 0, and the error.
    errors: dict[Place, str] = field(default_factory=dict)

    def data(self) -> Iterator[tuple[int, Cells]]:
        """Yield the rows below the header that are not blank, with their number as Excel counts."""
        start = self.at + 2
        rows_with_errors = {row for row, _column in self.errors}
        for index in range(start, len(self.rows)):
            row = self.rows[index]
            if any(value != "" for value in row) or index in rows_with_errors:
                yield index + 1, row

    def says_nothing(self, number: int, row: Cells) -> bool:
        """Whether a row was cleared: nothing is left but its hidden key, which the user does not see."""
        key = self.columns[self.form.code] if self.form else -1
        filled = any(text_of(value) for place, value in enumerate(row) if place != key and value != "")
        return not filled and not any(at == number - 1 for at, _column in self.errors)

    def cell(self, row: Cells, key: str) -> Any:
        """Return the cell of a row under a key; "" where the sheet has no such column or the row ends before it."""
        place = self.columns.get(key)
        return row[place] if place is not None and place < len(row) else ""


@dataclass(slots=True)
class BookIn:
    """A workbook as it came."""

    sheets: list[SheetIn]
    mark: Mark | None

    def sheet(self, form: Form) -> SheetIn | None:
        """Return the sheet of a form, the first where there are several."""
        return next((sheet for sheet in self.sheets if sheet.form is form), None)


def read_book(source: IO[bytes], *, limits: ArchiveLimits) -> BookIn:
    """Read an uploaded workbook. Raises UnsafeArchive, whose reason can be shown, where it is none or is a bomb."""
    book = BookIn([], None)
    for sheet in read_workbook(source, limits=limits, most_cells=MOST_CELLS):
        book.mark = book.mark or _mark(sheet.rows)
        book.sheets.append(_recognised(SheetIn(sheet.name, sheet.rows)))
    errors = _errors(source)
    for found in book.sheets:
        found.errors = {
            (row, column - (found.dropped is not None and column > found.dropped)): error
            for (row, column), error in errors.get(found.name, {}).items()
        }
    return book


MOST_CELLS: Final = 4_000_000
"""The rectangle up to the last cell: 100,000 rows of the widest sheet, twice."""


def _mark(rows: list[Cells]) -> Mark | None:
    for row in rows[:KEYS_WITHIN]:
        words = [text_of(value) for value in row if value != ""]
        if MARK in words:
            # A city may be blank, so places count from the mark on and not from what is filled.
            start = next(n for n, value in enumerate(row) if text_of(value) == MARK)
            after = [text_of(value) for value in row[start + 1 : start + 7]]
            return Mark(*(after + [""] * 6)[:6])
    return None


def _recognised(sheet: SheetIn) -> SheetIn:
    """Find the row of keys; a sheet without one is the user's own."""
    for at, row in enumerate(sheet.rows[:KEYS_WITHIN]):
        if FAULTS.key in row and any(code in row for code in BY_CODE):
            sheet.dropped = row.index(FAULTS.key)
            for cells in sheet.rows:
                del cells[sheet.dropped : sheet.dropped + 1]
        words = {text_of(value): place for place, value in reversed(list(enumerate(row))) if isinstance(value, str)}
        form = next((form for code, form in BY_CODE.items() if code in words), None)
        if form is not None:
            known = {column.key for column in form.columns}
            sheet.form, sheet.at = form, at
            sheet.columns = {key: place for key, place in words.items() if key in known}
            break
    return sheet


def text_of(value: Any) -> str:
    """Return a cell as text: whole numbers without a decimal point, days as 2026-03-01, one kind of line break."""
    if isinstance(value, str):
        if "\r" in value:
            value = value.replace("\r\n", "\n").replace("\r", "\n")
        return value.strip(" \t\n\u3000\xa0\ufeff")
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, dt.datetime):
        return value.isoformat(" ", "minutes")
    return str(value)


_CELL: Final = re.compile(
    rb"<(?:\w+:)?c\b([^>]*?\bt\s*=\s*[\"']e[\"'][^>]*)>(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]{1,20})<", re.DOTALL
)
_WHERE: Final = re.compile(rb"\br\s*=\s*[\"']([A-Z]{1,3})(\d{1,7})[\"']")
_OVERLAP: Final = 4096


def _errors(source: IO[bytes]) -> dict[str, dict[Place, str]]:
    """Return the cells that show an Excel error, by sheet. The file has been looked over and read before."""
    found: dict[str, dict[Place, str]] = {}
    source.seek(0)
    with ZipFile(source) as archive:
        for name, part in _parts(archive).items():
            cells = found.setdefault(name, {})
            kept = b""
            with archive.open(part) as stream:
                while piece := stream.read(PIECE * 16):
                    text = kept + piece
                    for match in _CELL.finditer(text) if b'"e"' in text or b"'e'" in text else ():
                        where = _WHERE.search(match[1])
                        if where is not None:
                            cells[int(where[2]) - 1, _column(where[1])] = match[2].decode("ascii", "replace")
                    kept = text[-_OVERLAP:]
    return found


_NS: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def _parts(archive: ZipFile) -> dict[str, str]:
    """Return the part of the archive each sheet stands in; sheets written another way have none and no errors found."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        book = etree.fromstring(archive.read("xl/workbook.xml"), parser)
        links = etree.fromstring(archive.read("xl/_rels/workbook.xml.rels"), parser)
    except (KeyError, etree.XMLSyntaxError):
        return {}
    targets = {link.get("Id"): str(link.get("Target") or "") for link in links}
    names = set(archive.namelist())
    found = {}
    for sheet in book.iter(f"{_NS}sheet"):
        target = targets.get(sheet.get(_LINK), "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if part in names:
            found[str(sheet.get("name"))] = part
    return found


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
