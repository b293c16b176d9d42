"""Taking records out as a file. That it was done, by whom and what for, is recorded before the first byte leaves."""

import dataclasses
from collections.abc import Iterable
from typing import IO, Literal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import register
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.oversight import exports
from xiandao.domains.oversight.queries import Filters, matching

EXPORTED = register("audit.exported", _("导出审计记录"))


class TooManyRows(Refused):
    """More records match than a sheet of Excel can hold."""


def export(actor: Viewer, *, filters: Filters, form: Literal["csv", "xlsx"]) -> Iterable[bytes] | IO[bytes]:
    """Record the export and return the records as they stand now: CSV as a stream of bytes, Excel as an open file.

    Raises Refused without the capability, TooManyRows where Excel cannot hold them all.
    """
    if not actor.can(Can.EXPORT_AUDIT):
        raise Refused(_("只有审计管理员可以导出审计记录。"))
    rows = matching(actor, filters)
    if form == "xlsx" and len(rows.values_list("number")[exports.MOST_ROWS : exports.MOST_ROWS + 1]):
        raise TooManyRows(
            _("符合条件的记录超过 Excel 工作表的上限（%(most)d 行），请导出 CSV，或缩小筛选范围。")
            % {"most": exports.MOST_ROWS}
        )
    asked = {name: str(value) for name, value in dataclasses.asdict(filters).items() if value}
    with transaction.atomic():
        made = audit.record(
            actor,
            EXPORTED,
            kind="audit",
            key="export",
            label=str(_("审计日志")),
            after={"form": form, "filters": asked},
        )
    # What is written after this moment, its own record included, is not part of it: the file has an end.
    rows = rows.filter(number__lt=made.number)
    return exports.as_csv(rows) if form == "csv" else exports.as_workbook(rows)
