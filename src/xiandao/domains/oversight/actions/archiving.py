"""Moving old records out of the database into sealed files, through which the chain still runs."""

import calendar
import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit import archives
from xiandao.domains.audit.chain import Sealed, first_break
from xiandao.domains.audit.models import STORED, AuditArchive, AuditRecord, sealed
from xiandao.domains.audit.registry import register
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.viewer import Viewer

ARCHIVED = register("audit.archived", _("归档审计记录"))
_BATCH = 5_000


class Archived(NamedTuple):
    """What was archived: file name, its SHA-256, first and last number."""

    file: str
    sha256: str
    first: int
    last: int


def earliest_kept(today: dt.date, months: int) -> dt.date:
    """Return the first day whose records must stay in the database for so many months."""
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return dt.date(year, month + 1, min(today.day, calendar.monthrange(year, month + 1)[1]))


def archive(actor: Viewer, *, before: dt.date, keep_months: int, today: dt.date | None = None) -> Archived | None:
    """Move the records made before a day into one sealed file; return what was moved, None where there is nothing.

    The file is written first, then in one transaction the seal is set, the records are deleted and the act itself is
    recorded: at any moment they are in the database, or in a file the seal names.
    Raises Refused unless the system acts and where `before` is later than the retention (`keep_months`) allows,
    Conflict where the records to be archived do not form an unbroken chain.
    """
    if not actor.is_system:
        raise Refused(_("审计归档由系统管理员用命令行办理。"))
    limit = earliest_kept(today or timezone.localdate(), keep_months)
    if before > limit:
        raise Refused(
            _("审计记录至少在库保存 %(months)d 个月：只能归档 %(limit)s 以前的记录。")
            % {"months": keep_months, "limit": limit.isoformat()}
        )
    sealed_before = AuditArchive.objects.order_by("-first").first()
    first = sealed_before.last + 1 if sealed_before else 1
    last = _last_before(before)
    if last < first:
        return None
    fault = first_break(_between(first, last), sealed_before.link) if sealed_before else first_break(_between(1, last))
    if fault is not None:
        raise Conflict(_("第 %(n)d 条记录不衔接，不能封存：请先运行 xiandao audit verify。") % {"n": fault[0]})
    name = archives.name_of(first, last)
    sha256 = archives.write(archives.folder() / name, _between(first, last))
    _seal(actor, Archived(name, sha256, first, last))
    return Archived(name, sha256, first, last)


def _last_before(day: dt.date) -> int:
    """Return the last number up to which all records were made before a day begins."""
    begin = timezone.make_aware(dt.datetime.combine(day, dt.time()))
    kept = AuditRecord.objects.filter(at__gte=begin).order_by("number").values_list("number", flat=True).first()
    if kept is not None:
        return kept - 1
    return AuditRecord.objects.order_by("-number").values_list("number", flat=True).first() or 0


def _between(first: int, last: int) -> Iterator[Sealed]:
    """Yield the records of a range in order, a few thousand in memory at a time."""
    number = first - 1
    while number < last:
        rows = AuditRecord.objects.filter(number__gt=number, number__lte=last).order_by("number")
        batch = list(rows.values_list(*STORED)[:_BATCH])
        if not batch:
            return
        number = batch[-1][0]
        yield from map(sealed, batch)


@transaction.atomic
def _seal(actor: Viewer, made: Archived) -> None:
    """Set the seal, delete what it covers, record the act."""
    ends = {row.number: row for row in AuditRecord.objects.filter(number__in=(made.first, made.last))}
    AuditArchive.objects.create(
        first=made.first,
        last=made.last,
        first_at=ends[made.first].at,
        last_at=ends[made.last].at,
        last_hash=ends[made.last].hash,
        file=made.file,
        sha256=made.sha256,
        archived_at=timezone.now(),
    )
    deleted, _by_model = AuditRecord.objects.filter(number__lte=made.last).delete()
    if deleted != made.last - made.first + 1:
        raise Conflict(_("归档期间记录有变动，没有归档，请重试。"))
    audit.record(actor, ARCHIVED, kind="audit", key="archive", label=made.file, after=made._asdict())
