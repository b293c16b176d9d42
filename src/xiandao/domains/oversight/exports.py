"""The filtered records as CSV, streamed however many they are, or as Excel up to the rows a sheet can hold."""

import csv
import json
import tempfile
from collections.abc import Iterable, Iterator
from typing import IO, Any

import xlsxwriter
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from xiandao.domains.audit.models import AuditRecord
from xiandao.domains.audit.registry import action_label, kind_label
from xiandao.domains.oversight.queries import Cursor, after, organisation_names
from xiandao.domains.shared.excel import safe_cell

MOST_ROWS = 1_048_575
"""Rows below the header that a sheet of Excel can hold (Microsoft, Excel specifications and limits: 1,048,576)."""
MOST_CHARACTERS = 32_767
"""Characters a cell of Excel can hold (same source)."""
_BATCH = 2_000
_BOM = "\ufeff"  # by which Excel knows a CSV file as UTF-8


def header() -> list[str]:
    """Return the names of the columns."""
    return [
        _("序号"),
        _("时间"),
        _("动作代码"),
        _("动作"),
        _("账号"),
        _("姓名"),
        _("岗位"),
        _("机构代码"),
        pgettext("one", "机构"),
        _("对象类型代码"),
        _("对象类型"),
        _("对象编号"),
        _("对象"),
        _("理由"),
        _("变更前"),
        _("变更后"),
        _("来源地址"),
        _("操作批次"),
        _("前一条哈希"),
        _("本条哈希"),
    ]


def rows(records: QuerySet[AuditRecord]) -> Iterator[list[Any]]:
    """Yield the rows of an export, a few thousand records in memory at a time."""
    records = records.defer(None)
    cursor: Cursor | None = None
    while batch := list((after(records, cursor) if cursor else records)[:_BATCH]):
        names = organisation_names({record.organisation for record in batch})
        for record in batch:
            yield _row(record, names)
        cursor = Cursor(batch[-1].at, batch[-1].number)


def _row(record: AuditRecord, names: dict[str, Any]) -> list[Any]:
    organisation = names.get(record.organisation)
    return [
        record.number,
        timezone.localtime(record.at).isoformat(sep=" ", timespec="microseconds"),
        record.action,
        action_label(record.action),
        record.actor,
        record.actor_name,
        record.post,
        record.organisation,
        organisation.label if organisation else "",
        record.object_kind,
        kind_label(record.object_kind),
        record.object_key,
        record.object_label,
        record.reason,
        _json(record.before),
        _json(record.after),
        record.address or "",
        str(record.click),
        record.previous_hash,
        record.hash,
    ]


def _json(value: Any) -> str:
    return "" if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True)


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        """Return the text."""
        return text


def as_csv(records: QuerySet[AuditRecord]) -> Iterator[bytes]:
    """Yield the export as CSV (UTF-8, RFC 4180); no cell can act as a formula."""
    writer = csv.writer(_Echo())
    yield (_BOM + writer.writerow(header())).encode()
    for row in rows(records):
        yield writer.writerow([safe_cell(value) for value in row]).encode()


def as_workbook(records: QuerySet[AuditRecord]) -> IO[bytes]:
    """Return the export as a workbook in a temporary file, written row by row. At most MOST_ROWS records."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 — the response closes it when it has been sent
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet(_("审计记录"))
        bold, inert = book.add_format({"bold": True}), book.add_format({"quote_prefix": True})
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(header()) - 1, 18)
        _write(sheet, 0, header(), bold)
        for place, row in enumerate(rows(records), 1):
            _write(sheet, place, row, inert)
    file.seek(0)
    return file


def _write(sheet: Any, place: int, values: Iterable[Any], look: Any) -> None:
    for column, value in enumerate(values):
        if isinstance(value, int):
            sheet.write_number(place, column, value)
        elif len(value) > MOST_CHARACTERS:
            sheet.write_string(place, column, _("（内容超过 Excel 单元格上限，请看 CSV 导出）"), look)
        else:
            sheet.write_string(place, column, value, look)
