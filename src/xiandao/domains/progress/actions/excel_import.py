"""Handing in an Excel file: uploaded, checked, confirmed, cancelled, repeated. The work itself is excel_work."""

import datetime as dt
from pathlib import PurePath
from typing import IO, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import RegisteredAction, name_kind, register
from xiandao.domains.files.content import clean_name
from xiandao.domains.files.limits import file_limits
from xiandao.domains.files.models import StoredFile
from xiandao.domains.files.scanning import scan
from xiandao.domains.files.storing import fingerprint, store
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.progress.actions import excel_work as work
from xiandao.domains.progress.excel.scope import scope_of
from xiandao.domains.progress.excel.tasks import check_file, save_file
from xiandao.domains.progress.models import ImportJob, ImportState, Round, RoundState
from xiandao.domains.shared.liveness import here, is_lost

STARTED = register("progress.import_started", gettext_lazy("上传填报 Excel"))
CONFIRMED = register("progress.import_confirmed", gettext_lazy("确认导入 Excel"))
CANCELLED = register("progress.import_cancelled", gettext_lazy("取消导入 Excel"))
REPEATED = register("progress.import_repeated", gettext_lazy("重新检查 Excel"))
INTERRUPTED = register("progress.import_interrupted", gettext_lazy("Excel 导入中断"))
name_kind(work.KIND, gettext_lazy("Excel 导入"))

SMALL = 100_000
"""Bytes up to which a file is checked while its sender waits; about 1,000 rows."""
FEW = 1_000
"""Rows up to which a file is saved while its sender waits."""
_WHY = "the organisation was checked"


def start_import(
    actor: Viewer,
    *,
    opened: Round,
    scope: str,
    name: str,
    content: IO[bytes],
    now: dt.datetime | None = None,
) -> ImportJob:
    """Take a file in for an open round and have it checked: a small one at once, a large one in the background.

    `scope` is "own" or "city" (see `scope_of`). Nothing is changed by it. Raises Refused where the actor may not, the
    round is closed, or the file is no .xlsx, too large or dangerous.
    """
    moment = now or timezone.now()
    chosen = scope_of(actor, scope)
    _require_open(opened)
    name = clean_name(PurePath(name).name)
    if not name.lower().endswith(".xlsx"):
        raise Refused(_("请上传 .xlsx 文件；旧版 .xls 请在 Excel 或 WPS 中另存为 .xlsx。"))
    limits = file_limits()
    sha256, size = fingerprint(content)
    if not size:
        raise Refused(_("文件是空的。请核对是否选对了文件。"))
    if size > limits.size:
        raise Refused(_("文件超过 %(limit)s MB 的上限。请分单位填报后分别上传。") % {"limit": limits.megabytes})
    scan(content)
    path = store(content, sha256, size)
    with transaction.atomic():
        stored, _made = StoredFile.objects.for_system(_WHY).get_or_create(
            sha256=sha256, defaults={"size": size, "path": path, "stored_at": moment}
        )
        job = ImportJob(round=opened, organisation=chosen.organisation, city=chosen.city, name=name[:200], file=stored)
        job.created_at, job.by = moment, actor.name
        _acts(job, actor, now=moment, at_once=size <= SMALL)
        job.save()
        _record(actor, STARTED, job, after={"file": sha256, "size": size, "scope": chosen.code})
        if size > SMALL:
            check_file.enqueue(job.pk)
    if size <= SMALL:
        work.check_import(job.pk, now=moment)
    job.refresh_from_db(from_queryset=ImportJob.objects.for_system(_WHY))
    return job


@transaction.atomic
def _confirm(actor: Viewer, pk: int, now: dt.datetime) -> ImportJob:
    job = take(actor, pk)
    if job.state != ImportState.READY:
        raise Conflict(_("只有检查通过、待确认的文件可以导入。"))
    _require_open(job.round)
    scope_of(actor, work.scope_code(job))
    job.state, job.done = ImportState.SAVING, 0
    _acts(job, actor, now=now, at_once=job.total <= FEW)
    job.save()
    _record(actor, CONFIRMED, job, after=dict(job.counts))
    if job.total > FEW:
        save_file.enqueue(job.pk)
    return job


def confirm_import(actor: Viewer, *, pk: int, now: dt.datetime | None = None) -> ImportJob:
    """Save what the preview shows: a small file at once, a large one in the background; all of it or nothing.

    Raises ImportJob.DoesNotExist, Refused, Conflict where the file is not waiting to be confirmed.
    """
    job = _confirm(actor, pk, now or timezone.now())
    if job.total <= FEW:
        work.save_import(job.pk, now=now)
    job.refresh_from_db(from_queryset=ImportJob.objects.for_system(_WHY))
    return job


@transaction.atomic
def cancel_import(actor: Viewer, *, pk: int, now: dt.datetime | None = None) -> ImportJob:
    """Give a file up that is being checked or waits to be confirmed. Raises as `confirm_import` does."""
    job = take(actor, pk)
    if job.state not in (ImportState.CHECKING, ImportState.READY):
        raise Conflict(_("只有检查中或待确认的文件可以取消。"))
    before = job.state
    job.state, job.ended_at = ImportState.CANCELLED, now or timezone.now()
    job.save(update_fields=["state", "ended_at"])
    _record(actor, CANCELLED, job, before={"state": before})
    return job


def repeat_import(actor: Viewer, *, pk: int, now: dt.datetime | None = None) -> ImportJob:
    """Check a file again that broke off, was cancelled or had errors. Raises as `confirm_import` does."""
    moment = now or timezone.now()
    with transaction.atomic():
        job = take(actor, pk)
        if not repeatable(job, now=moment):
            raise Conflict(_("文件正在处理，或已经导入，不能重新检查。"))
        _require_open(job.round)
        scope_of(actor, work.scope_code(job))
        before = job.state
        job.state, job.done, job.ended_at = ImportState.CHECKING, 0, None
        job.reason, job.annotated = "", None
        job.faults, job.fault_count, job.preview, job.counts = [], 0, {}, {}
        _acts(job, actor, now=moment, at_once=job.file.size <= SMALL)
        job.save()
        _record(actor, REPEATED, job, before={"state": before})
        if job.file.size > SMALL:
            check_file.enqueue(job.pk)
    if job.file.size <= SMALL:
        work.check_import(job.pk, now=moment)
    job.refresh_from_db(from_queryset=ImportJob.objects.for_system(_WHY))
    return job


def repeatable(job: ImportJob, *, now: dt.datetime) -> bool:
    """Whether a file may be checked again: it is not being worked on by anybody who still lives."""
    if job.state in (ImportState.CHECKING, ImportState.SAVING):
        return is_lost(job.worker, job.beat_at, now)
    return job.state in (ImportState.FAILED, ImportState.CANCELLED, ImportState.FAULTY, ImportState.SAME)


def fail_interrupted(actor: Viewer, *, now: dt.datetime | None = None) -> int:
    """Mark the files whose process was killed as broken off; return how many. Nothing of them was saved.

    Called when the worker starts and with its clocks. Safe to repeat. Raises Refused unless the system acts.
    """
    moment = now or timezone.now()
    if not actor.is_system:
        raise Refused(_("中断的导入由平台登记。"))
    rows = ImportJob.objects.for_system("the worker").filter(state__in=(ImportState.CHECKING, ImportState.SAVING))
    return sum(_interrupt(actor, pk, moment) for pk in rows.values_list("pk", flat=True))


@transaction.atomic
def _interrupt(actor: Viewer, pk: int, moment: dt.datetime) -> bool:
    job = ImportJob.objects.for_system("the worker").select_for_update().get(pk=pk)
    busy = job.state in (ImportState.CHECKING, ImportState.SAVING)
    if not busy or not is_lost(job.worker, job.beat_at, moment):
        return False
    before = job.state
    job.state, job.ended_at = ImportState.FAILED, moment
    job.reason = _("处理到一半时程序被终止，什么都没有保存。可以重新检查。")
    job.save(update_fields=["state", "ended_at", "reason"])
    _record(actor, INTERRUPTED, job, before={"state": before})
    return True


def take(actor: Viewer, pk: int) -> ImportJob:
    """Return a file the actor's organisation handed in, locked. Raises ImportJob.DoesNotExist."""
    rows = ImportJob.objects.visible_to(actor).select_for_update(of=("self",))
    job: ImportJob = rows.select_related("round__plan", "organisation", "city", "file").get(pk=pk)
    return job


def _acts(job: ImportJob, actor: Viewer, *, now: dt.datetime, at_once: bool) -> None:
    """Note in whose name the work goes on: the person, the post, the place and the click; and who does it, if known."""
    job.user_id, job.post_id, job.address, job.click = actor.user_id, actor.post_id, actor.address, actor.click
    job.worker, job.beat_at = here() if at_once else "", now


def _require_open(opened: Round) -> None:
    if opened.state != RoundState.OPEN:
        raise Conflict(_("填报期已经关闭；需要补报的，请统筹协调单位重新开启。"))


def _record(actor: Viewer, action: RegisteredAction, job: ImportJob, **facts: Any) -> None:
    audit.record(actor, action, kind=work.KIND, key=str(job.pk), label=job.name, **facts)
