"""Long work on a row of the database (a register, a run): taken up, told how far it is, stopped, found dead."""

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _

from xiandao.domains.enterprises.models import RegisterVersion, Run
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.orgs.queries import viewer_of
from xiandao.domains.orgs.viewer import Viewer, system
from xiandao.domains.shared.liveness import here

Job = RegisterVersion | Run
WHY: Final = "work whose starter was checked"
_BEAT: Final = 0.5  # seconds between two notes of how far it has come


class Stopped(Exception):  # noqa: N818 — read as a sentence
    """Somebody cancelled the work while it went on."""


def begin(kind: type[Any], pk: int, state: str, new_state: str = "") -> Any:
    """Take a row up for work; None where it is no longer in the state for it."""
    rows = kind.objects.for_system(WHY)
    beat = {"worker": here(), "beat_at": timezone.now()}
    taken = rows.filter(pk=pk, state=state).update(state=new_state or state, **beat)
    return rows.select_related("user").get(pk=pk) if taken else None


def ticker(job: Job, state: str, told: Callable[[int], None] | None = None) -> Callable[[int], None]:
    """Return what notes now and then how many rows are done, and raises Stopped where somebody cancelled."""
    last = 0.0

    def tick(done: int) -> None:
        nonlocal last
        if told is not None:
            told(done)
        if time.monotonic() - last < _BEAT:
            return
        last = time.monotonic()
        rows = type(job).objects.for_system(WHY).filter(pk=job.pk, state=state)
        if not rows.update(done=done, beat_at=timezone.now()):
            raise Stopped

    return tick


def actor_of(job: Job) -> Viewer:
    """Return the person in whose name the work is done, in the very post; the system where a command started it.

    Raises Refused where the person's post ended meanwhile.
    """
    if job.user is None:
        return replace(system(job.by), click=job.click)
    viewer = viewer_of(job.user, post_id=job.post_id) if job.user.is_active else None
    if viewer is None or viewer.post_id != job.post_id:
        raise Refused(_("发起人的岗位已经结束或停用，不能继续。请由在岗人员重新办理。"))
    return replace(viewer, click=job.click, address=job.address)


def acts(job: Job, actor: Viewer, *, now: dt.datetime, at_once: bool) -> None:
    """Note in whose name the work goes on, and who does it if that is known. Does not save."""
    job.user_id, job.post_id, job.address, job.click = actor.user_id, actor.post_id, actor.address, actor.click
    job.by = actor.name
    job.worker, job.beat_at = here() if at_once else "", now


def broken() -> str:
    """Return what is said of work that broke off by a fault of the program."""
    return _("程序出错，什么都没有改动。请重试；仍不行时请联系系统管理员。")
