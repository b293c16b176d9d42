"""The work on a file handed in, at once or in the background: checking it, and saving it whole or not at all."""

import datetime as dt
import io
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import register
from xiandao.domains.files.limits import file_limits
from xiandao.domains.files.models import StoredFile
from xiandao.domains.files.storing import fingerprint, store
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.orgs.queries import viewer_of
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.progress.excel.annotate import annotated
from xiandao.domains.progress.excel.check import Checked, Tick, check, language_of
from xiandao.domains.progress.excel.faults import Fault
from xiandao.domains.progress.excel.frame import Frame, frame_of
from xiandao.domains.progress.excel.preview import alike, counts, preview
from xiandao.domains.progress.excel.reading import BookIn, read_book
from xiandao.domains.progress.excel.saving import save
from xiandao.domains.progress.excel.scope import CITY, OWN, Scope
from xiandao.domains.progress.models import ImportJob, ImportState
from xiandao.domains.shared.archives import UnsafeArchive
from xiandao.domains.shared.liveness import here

IMPORTED = register("progress.import_saved", gettext_lazy("导入 Excel"))
KIND: Final = "progress.import"
MOST_FAULTS: Final = 1000
"""Faults kept for the page; their number is kept whole, and all of them stand in the annotated copy."""
_WHY = "work on a file whose sender was checked"
_BEAT = 0.5  # seconds between two notes of how far it has come
_log = logging.getLogger(__name__)


class _Stopped(Exception):  # noqa: N818 — read as a sentence
    """Somebody cancelled the job while it was checked."""


@dataclass(slots=True)
class _Outcome:
    """What a check came to."""

    state: ImportState
    faults: list[Fault]
    annotated: bytes | None = None
    changes: dict[str, Any] | None = None
    counts: dict[str, int] | None = None
    rows: int = 0
    reason: str = ""


def scope_code(job: ImportJob) -> str:
    """Return the code of the scope a file was handed in for."""
    return CITY if job.city_id else OWN


def check_import(pk: int, *, now: dt.datetime | None = None) -> None:
    """Check a file that waits to be checked, and keep what was found. Does nothing where it was cancelled meanwhile."""
    job = _begin(pk, ImportState.CHECKING)
    if job is None:
        return
    try:
        outcome = _check(job, _tick(job.pk), now or timezone.now())
    except _Stopped:
        return
    except Refused as refused:
        outcome = _Outcome(ImportState.FAILED, [], reason=str(refused.reason))
    except Exception:
        _end(job, _Outcome(ImportState.FAILED, [], reason=_broken()))
        raise
    _end(job, outcome)


def save_import(pk: int, *, now: dt.datetime | None = None) -> None:
    """Save a file that was confirmed: in one transaction, which also says that it was saved.

    The file is checked again, against the reports as they are now and locked. Where it has faults now, or would change
    something else than its preview showed, nothing is saved and the job says so.
    """
    job = _begin(pk, ImportState.SAVING)
    if job is None:
        return
    moment = now or timezone.now()
    try:
        actor, book = _actor(job), _read(job)
        with transaction.atomic():
            outcome = _save(actor, job, book, moment)
    except (Refused, UnsafeArchive) as refused:
        outcome = _Outcome(ImportState.FAILED, [], reason=str(refused.reason))
    except Exception:
        _end(job, _Outcome(ImportState.FAILED, [], reason=_broken()))
        raise
    if outcome is not None:
        _end(job, outcome)


def _broken() -> str:
    return _("程序出错，什么都没有保存。请重新检查；仍不行时请联系系统管理员。")


def _begin(pk: int, state: ImportState) -> ImportJob | None:
    """Take a job to work on; None where it is no longer in the state for it."""
    rows = ImportJob.objects.for_system(_WHY)
    taken = rows.filter(pk=pk, state=state).update(worker=here(), beat_at=timezone.now())
    return rows.select_related("round__plan", "organisation", "city", "file", "user").get(pk=pk) if taken else None


def _actor(job: ImportJob) -> Viewer:
    """Return the person in whose name the work is done, in the very post. Raises Refused where it ended meanwhile."""
    viewer = viewer_of(job.user, post_id=job.post_id) if job.user is not None and job.user.is_active else None
    if viewer is None or viewer.post_id != job.post_id:
        raise Refused(_("上传人的岗位已经结束或停用，不能继续导入。请由在岗人员重新上传。"))
    return replace(viewer, click=job.click, address=job.address)


def _scope(job: ImportJob) -> Scope:
    return Scope(job.organisation, job.city)


def _read(job: ImportJob) -> BookIn:
    with default_storage.open(job.file.path) as stream:
        return read_book(stream, limits=file_limits().archive)


def _check(job: ImportJob, tick: Tick, now: dt.datetime) -> _Outcome:
    actor = _actor(job)
    try:
        book = _read(job)
    except UnsafeArchive as unsafe:
        fault = Fault("", 0, "", job.name, str(unsafe.reason))
        return _Outcome(ImportState.FAULTY, [fault])
    with language_of(book):
        frame = frame_of(job.round, _scope(job))
        checked = check(actor, frame, book, today=timezone.localdate(now), tick=tick)
        if checked.faults:
            return _faulty(frame, book, checked)
        changes = preview(frame, checked)
        same = not checked.changes and not checked.problems
        changes["alike"] = alike(frame, checked.changes)
    state = ImportState.SAME if same else ImportState.READY
    return _Outcome(state, [], changes=changes, counts=counts(checked), rows=checked.rows)


def _faulty(frame: Frame, book: BookIn, checked: Checked) -> _Outcome:
    copy = annotated(frame, book, checked.faults)
    return _Outcome(ImportState.FAULTY, checked.faults, annotated=copy, rows=checked.rows)


def _save(actor: Viewer, job: ImportJob, book: BookIn, now: dt.datetime) -> _Outcome | None:
    """Save within a transaction; return what came of it where nothing was saved."""
    locked = ImportJob.objects.for_system(_WHY).select_for_update().get(pk=job.pk)
    if locked.state != ImportState.SAVING:
        return None
    with language_of(book):
        frame = frame_of(job.round, _scope(job), lock=True)
        checked = check(actor, frame, book, today=timezone.localdate(now))
        if checked.faults:
            return _faulty(frame, book, checked)
        changes = preview(frame, checked)
    if any(changes[part] != job.preview.get(part) for part in changes):
        changes["alike"] = job.preview.get("alike", [])
        reason = _("预览之后有人改过其中的内容，将要改动的与您看到的不同。请再看一遍。")
        return _Outcome(
            ImportState.READY, [], changes=changes, counts=counts(checked), rows=checked.rows, reason=reason
        )
    save(actor, frame, checked, now=now)
    locked.state, locked.ended_at, locked.reason, locked.done = ImportState.SAVED, now, "", locked.total
    locked.save(update_fields=["state", "ended_at", "reason", "done"])
    audit.record(
        actor,
        IMPORTED,
        kind=KIND,
        key=str(job.pk),
        label=job.name,
        after={**job.counts, "file": job.file.sha256, "round": job.round.period, "scope": scope_code(job)},
    )
    return None


@transaction.atomic
def _end(job: ImportJob, outcome: _Outcome) -> None:
    """Keep what came of a job, unless it was cancelled meanwhile."""
    locked = ImportJob.objects.for_system(_WHY).select_for_update().get(pk=job.pk)
    if locked.state not in (ImportState.CHECKING, ImportState.SAVING):
        return
    locked.state, locked.reason = outcome.state, outcome.reason
    locked.fault_count = len(outcome.faults)
    locked.faults = [fault.plain() for fault in outcome.faults[:MOST_FAULTS]]
    locked.preview, locked.counts = outcome.changes or {}, outcome.counts or {}
    if outcome.rows:
        locked.total = locked.done = outcome.rows
    if outcome.annotated is not None:
        locked.annotated = _stored(outcome.annotated)
    locked.ended_at = None if outcome.state == ImportState.READY else timezone.now()
    locked.save()


def _stored(content: bytes) -> StoredFile:
    stream = io.BytesIO(content)
    sha256, size = fingerprint(stream)
    stored: StoredFile
    stored, _made = StoredFile.objects.for_system(_WHY).get_or_create(
        sha256=sha256, defaults={"size": size, "path": store(stream, sha256, size), "stored_at": timezone.now()}
    )
    return stored


def _tick(pk: int) -> Callable[[int, int], None]:
    """Return what notes how far a check has come, now and then, and stops it where somebody cancelled."""
    last = 0.0

    def tick(done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last < _BEAT:
            return
        last = time.monotonic()
        rows = ImportJob.objects.for_system(_WHY).filter(pk=pk, state=ImportState.CHECKING)
        if not rows.update(done=done, total=total, beat_at=timezone.now()):
            raise _Stopped

    return tick
