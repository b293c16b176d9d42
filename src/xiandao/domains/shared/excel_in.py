"""Excel in: an uploaded .xlsx is looked over before the reader gets it, so that no file can fill the memory."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from django.utils.translation import gettext_lazy as _
from python_calamine import CalamineError, CalamineWorkbook

from xiandao.domains.shared.archives import ZIP_START, ArchiveLimits, Budget, UnsafeArchive, check, opened, pieces

_NOT_EXCEL = _("不是 Excel 工作簿（.xlsx），或已损坏。请在 Excel 或 WPS 中另存为 .xlsx 后重试。")
_WORKBOOK: Final = "xl/workbook.xml"
# What makes the reader take the file for another kind of workbook, which is not looked over here.
_OTHER_KINDS: Final = frozenset({"content.xml", "xl/workbook.bin"})
# A cell's place as the sheet writes it: r="C12". Rows carry a number alone and do not match.
_PLACE: Final = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,7})([0-9]{1,9})["']""")
_OVERLAP: Final = 32
_LETTERS: Final = 26


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook: its name and its rows, as numbers, texts, dates, booleans and empty texts.

    `rows[0]` is row 1 of the sheet, also where the first rows are empty.
    """

    name: str
    rows: list[list[Any]]


def read_workbook(source: Path | IO[bytes], *, limits: ArchiveLimits, most_cells: int = 2_000_000) -> Iterator[Sheet]:
    """Yield the sheets of an uploaded .xlsx in order, one in memory at a time.

    Raises UnsafeArchive, whose reason can be shown, before anything is taken into memory: where the file is no
    workbook, has a password, inflates beyond the limits, or has a cell so far out that the rectangle up to it holds
    more than `most_cells` cells.
    """
    if isinstance(source, Path):
        with source.open("rb") as stream:
            yield from read_workbook(stream, limits=limits, most_cells=most_cells)
        return
    _check(source, limits, most_cells)
    source.seek(0)
    try:
        book = CalamineWorkbook.from_filelike(source)
        for name in book.sheet_names:
            yield Sheet(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False))
    except CalamineError as error:
        raise UnsafeArchive(_NOT_EXCEL) from error


def _check(stream: IO[bytes], limits: ArchiveLimits, most_cells: int) -> None:
    stream.seek(0)
    if not stream.read(len(ZIP_START)).startswith(ZIP_START):
        raise UnsafeArchive(_NOT_EXCEL)
    check(stream, Budget(limits))
    with opened(stream, Budget(limits)) as archive:
        names = {name.lower().replace("\\", "/").lstrip("/") for name in archive.namelist()}
        if _WORKBOOK not in names or names & _OTHER_KINDS:
            raise UnsafeArchive(_NOT_EXCEL)
        again = Budget(limits)
        # Every part: a workbook may keep its sheets under any name.
        for entry in archive.infolist():
            if not entry.is_dir():
                _require_extent(pieces(archive, entry, again), most_cells)


def _require_extent(parts: Iterator[bytes], most_cells: int) -> None:
    """Raise UnsafeArchive where the rectangle from the first cell to the last holds too many cells."""
    rows = columns = 1
    kept = b""
    for part in parts:
        text = kept + part
        for place in _PLACE.finditer(text):
            columns, rows = max(columns, _column(place[1])), max(rows, int(place[2]))
        if rows * columns > most_cells:
            raise UnsafeArchive(
                _("工作表范围过大：有内容写到第 %(row)s 行、第 %(column)s 列。请删去空白处的内容后另存。")
                % {"row": rows, "column": columns}
            )
        kept = text[-_OVERLAP:]


def _column(letters: bytes) -> int:
    """Return the number of a column: A is 1, AA is 27."""
    number = 0
    for letter in letters.upper():
        number = number * _LETTERS + letter - 64
    return number
