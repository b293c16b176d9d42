"""Starting, cancelling and recovering runs of the identification. The work itself is `runs_work`."""

import datetime as dt
from collections.abc import Callable
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import RegisteredAction, register
from xiandao.domains.enterprises import jobs, pack
from xiandao.domains.enterprises.actions import runs_work as work
from xiandao.domains.enterprises.actions.registers import may_load
from xiandao.domains.enterprises.actions.registers_work import in_force
from xiandao.domains.enterprises.models import Run, RunState
from xiandao.domains.enterprises.tasks import identify_register
from xiandao.domains.industries.queries import catalogue
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.shared.liveness import is_lost

STARTED = register("runs.started", gettext_lazy("启动识别"))
CANCELLED = register("runs.cancelled", gettext_lazy("取消识别"))
INTERRUPTED = register("runs.interrupted", gettext_lazy("识别中断"))
BUSY: Final = (RunState.WAITING, RunState.RUNNING)
_WHY: Final = "the actor may start runs"


def start_run(
    actor: Viewer,
    *,
    at_once: bool = False,
    told: Callable[[int], None] | None = None,
    now: dt.datetime | None = None,
) -> Run:
    """Identify the register in force with the catalogue in force, in the background or, `at_once`, here.

    Raises Refused where the actor may not, or register, catalogue or model are missing; Conflict where a run is under
    way. A run that fails says why (`reason`); the former one stays in force.
    """
    may_load(actor)
    moment = now or timezone.now()
    pack.model_in_force()
    with transaction.atomic():
        rows = Run.objects.for_system(_WHY).select_for_update()
        other = rows.filter(state__in=BUSY).first()
        if other is not None:
            raise Conflict(_("识别批次 %(run)s 正在进行。请等它完成，或先取消它。") % {"run": other})
        source, terms = in_force(), catalogue.in_force()
        if source is None:
            raise Refused(_("还没有载入登记名录。请先载入名录。"))
        if terms is None:
            raise Refused(_("还没有现行的产品目录。请先载入带产品目录的政策包，或发布一版目录。"))
        newest = rows.order_by("-number").first()
        run = Run(number=newest.number + 1 if newest is not None else 1, register=source, catalogue=terms)
        run.total, run.started_at = source.counts.get("rows", source.rows) - source.counts.get("outside", 0), moment
        jobs.acts(run, actor, now=moment, at_once=at_once)
        run.save()
        _record(actor, STARTED, run, after={"register": source.number, "catalogue": terms.code})
        if not at_once:
            identify_register.enqueue(run.pk)
    if at_once:
        work.work(run.pk, told=told, now=now)
    run.refresh_from_db(from_queryset=Run.objects.for_system(_WHY))
    return run


@transaction.atomic
def cancel_run(actor: Viewer, *, pk: int, now: dt.datetime | None = None) -> Run:
    """Give a run up that waits or is at work. Raises Run.DoesNotExist, Refused, Conflict."""
    run: Run = Run.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=pk)
    may_load(actor)
    if run.state not in BUSY:
        raise Conflict(_("只有等候或进行中的识别可以取消。"))
    before = run.state
    run.state, run.ended_at = RunState.CANCELLED, now or timezone.now()
    run.save(update_fields=["state", "ended_at"])
    _record(actor, CANCELLED, run, before={"state": before})
    return run


def fail_interrupted(actor: Viewer, *, now: dt.datetime | None = None) -> int:
    """Mark the runs whose process was killed as broken off; return how many. The former run stays in force.

    Called when the worker starts and with its clocks. Safe to repeat. Raises Refused unless the system acts.
    """
    moment = now or timezone.now()
    if not actor.is_system:
        raise Refused(_("中断的识别由平台登记。"))
    rows = Run.objects.for_system("the worker").filter(state__in=BUSY)
    return sum(_interrupt(actor, pk, moment) for pk in list(rows.values_list("pk", flat=True)))


@transaction.atomic
def _interrupt(actor: Viewer, pk: int, moment: dt.datetime) -> bool:
    run = Run.objects.for_system("the worker").select_for_update().get(pk=pk)
    if run.state not in BUSY or not is_lost(run.worker, run.beat_at, moment):
        return False
    before = run.state
    run.state, run.ended_at = RunState.FAILED, moment
    run.reason = _("识别到一半时程序被终止，没有生效。可以重新启动。")
    run.save(update_fields=["state", "ended_at", "reason"])
    _record(actor, INTERRUPTED, run, before={"state": before})
    return True


def _record(actor: Viewer, action: RegisteredAction, run: Run, **facts: Any) -> None:
    audit.record(actor, action, kind=work.KIND, key=str(run.number), label=str(run), **facts)
