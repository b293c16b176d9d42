"""Asking for a verification on the page; a background task does it."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.models import AuditCheck
from xiandao.domains.audit.registry import register
from xiandao.domains.audit.verify import verify
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.viewer import Viewer

CHECK_ASKED = register("audit.check_asked", _("核验审计日志"))
STALE = dt.timedelta(hours=6)
"""After which a verification that has not ended is taken for broken off; ten million records take minutes."""


@transaction.atomic
def start_check(actor: Viewer, *, now: dt.datetime | None = None) -> AuditCheck:
    """Ask for a verification and return it; `finish_check` is to be called with it.

    Raises Refused without the capability to read the log, Conflict while another one runs.
    """
    if not actor.can(Can.READ_AUDIT):
        raise Refused(_("只有审计岗位可以核验审计日志。"))
    at = now or timezone.now()
    if AuditCheck.objects.filter(finished_at__isnull=True, asked_at__gt=at - STALE).exists():
        raise Conflict(_("上一次核验还没有结束，请等它出结果。"))
    check = AuditCheck.objects.create(asked_at=at, asked_by=actor.name)
    audit.record(actor, CHECK_ASKED, kind="audit", key=str(check.pk), label=str(_("审计日志")))
    return check


def finish_check(*, pk: int) -> AuditCheck:
    """Verify the log, note how far it is while it goes, and keep the outcome. Called by the background task."""
    check = AuditCheck.objects.get(pk=pk)

    def progress(done: int, total: int) -> None:
        AuditCheck.objects.filter(pk=pk).update(done=done, total=total)

    report = verify(progress=progress)
    check.refresh_from_db()
    check.finished_at, check.sound, check.lines = timezone.now(), report.sound, report.lines()
    check.done = report.count
    check.save()
    return check
