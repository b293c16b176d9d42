"""What reporting puts into the inboxes and takes out: worked out anew for the organisations a step concerns."""

import datetime as dt
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from django.db.models import Count, Min, Q
from django.utils import timezone

from xiandao.domains.inbox.actions import NewTask, clear_tasks, open_tasks, renew_tasks, withdraw_tasks
from xiandao.domains.inbox.models import Task, TaskState
from xiandao.domains.inbox.registry import TaskKind
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.progress import rules
from xiandao.domains.progress.kinds import reports as kinds
from xiandao.domains.progress.models import Assignment, Report, ReportState, Round, RoundState
from xiandao.kernel import Period

_WHY = "what waits for whom follows from the states of the reports"
_TO_WRITE = (ReportState.EMPTY, ReportState.DRAFT)


def refresh_writers(actor: Viewer, opened: Round, organisations: Iterable[int], *, now: dt.datetime) -> None:
    """Open or clear the writing tasks of organisations: what is still to be written, what has been returned."""
    bodies = list(dict.fromkeys(organisations))
    rows = Report.objects.for_system(_WHY).filter(
        round=opened, assignment__organisation__in=bodies, assignment__ended_at=None
    )
    counts = {
        row["assignment__organisation"]: row
        for row in rows.order_by()
        .values("assignment__organisation")
        .annotate(
            write=Count("pk", filter=Q(state__in=_TO_WRITE)),
            correct=Count("pk", filter=Q(state=ReportState.RETURNED)),
            returned=Min("decided_at", filter=Q(state=ReportState.RETURNED)),
        )
    }
    write = {body: counts[body]["write"] for body in bodies if body in counts and counts[body]["write"]}
    correct = {body: counts[body]["correct"] for body in bodies if body in counts and counts[body]["correct"]}
    _settle(actor, opened, kinds.FILL, write, bodies, now=now, due_on=opened.due_on)
    since = {body: counts[body]["returned"] for body in correct}
    _settle(actor, opened, kinds.CORRECT, correct, bodies, now=now, rule="report.correct", since=since)


def refresh_verifiers(actor: Viewer, opened: Round, organisations: Iterable[int], *, now: dt.datetime) -> None:
    """Open or clear the verifying tasks of organisations: open as long as something waits."""
    bodies = list(dict.fromkeys(organisations))
    rows = Report.objects.for_system(_WHY).filter(round=opened)
    for kind, only in ((kinds.VERIFY, {"confirm": False}), (kinds.CONFIRM, {"verify": False})):
        some, since = {}, {}
        for body in bodies:
            waiting = rows.filter(rules.waiting_for_organisation(body, **only))
            found = waiting.aggregate(n=Count("pk"), first=Min("submitted_at"))
            if found["n"]:
                some[body], since[body] = found["n"], found["first"]
        _settle(actor, opened, kind, some, bodies, now=now, rule="report.verify", since=since)


def hold(opened: Round) -> None:
    """Lock the open tasks of a round: who hands one on locks it before the log, and so must who decides."""
    rows = Task.objects.for_system(_WHY).select_for_update().filter(object_kind=kinds.ROUND, state=TaskState.OPEN)
    list(rows.filter(object_key__startswith=f"{opened.pk}-").order_by("pk").values_list("pk"))


def refresh(actor: Viewer, report: Report, *, now: dt.datetime) -> None:
    """Bring the tasks of everybody a report concerns in line with its state."""
    duty = report.assignment
    refresh_writers(actor, report.round, [duty.organisation_id], now=now)
    deciding = {*rules.verifiers_of(duty), *rules.claim_verifiers_of(duty)}
    refresh_verifiers(actor, report.round, deciding, now=now)


def _settle(
    actor: Viewer,
    opened: Round,
    kind: TaskKind,
    some: dict[int, int],
    bodies: list[int],
    *,
    now: dt.datetime,
    due_on: dt.date | None = None,
    rule: str = "",
    since: Mapping[int, dt.datetime | None] = MappingProxyType({}),
) -> None:
    """Open the task of each organisation in `some`, with the number of reports; clear those of the others.

    The clock runs from the moment in `since`: when the report that has waited longest began to wait.
    """
    if opened.state != RoundState.OPEN:
        some = {}
    done = [kinds.task_key(opened.pk, body) for body in bodies if body not in some]
    clear_tasks(actor, kind=kind, object_keys=done, now=now)
    tasks = [
        NewTask(
            kind=kind,
            organisation_id=body,
            object_kind=kinds.ROUND,
            object_key=kinds.task_key(opened.pk, body),
            subject=f"{Period.parse(opened.period).label}进展填报（{n}项）",
            subject_en=f"Progress reports {opened.period} ({n})",
            rule=rule,
            due_on=due_on,
            since=timezone.localdate(since[body]) if since.get(body) else None,
        )
        for body, n in some.items()
    ]
    if tasks:
        renew_tasks(tasks)
        open_tasks(actor, tasks, now=now)


def withdraw_all(actor: Viewer, opened: Round, *, now: dt.datetime) -> None:
    """Take back every task of a round, as when it closes or its deadline moves."""
    bodies = set(
        Report.objects.for_system(_WHY).filter(round=opened).values_list("assignment__organisation", flat=True)
    )
    bodies |= deciding_bodies(opened)
    keys = [kinds.task_key(opened.pk, body) for body in bodies]
    for kind in (kinds.FILL, kinds.CORRECT, kinds.VERIFY, kinds.CONFIRM):
        withdraw_tasks(actor, kind=kind, object_keys=keys, now=now)


def open_all(actor: Viewer, opened: Round, *, now: dt.datetime) -> None:
    """Open every task of a round anew, as when it is opened again or its deadline moved."""
    rows = Report.objects.for_system(_WHY).filter(round=opened)
    refresh_writers(actor, opened, set(rows.values_list("assignment__organisation", flat=True)), now=now)
    refresh_verifiers(actor, opened, deciding_bodies(opened), now=now)


def deciding_bodies(opened: Round) -> set[int]:
    """Return the organisations to which a verification in a round may fall."""
    plan = Assignment.objects.for_system(_WHY).filter(plan=opened.plan_id, ended_at=None)
    provincial = plan.filter(region=opened.plan.region_id).values_list("organisation", flat=True)
    handing = plan.filter(children__isnull=False).values_list("organisation", flat=True)
    return {*provincial, *handing, *rules.coordinators()}
