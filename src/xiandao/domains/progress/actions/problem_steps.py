"""What the steps of a problem share: the transition table, locking, checks, events, tasks, audit."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import RegisteredAction, register
from xiandao.domains.inbox.actions import NewTask, clear_tasks, open_task, withdraw_tasks
from xiandao.domains.inbox.registry import TaskKind
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import Organisation
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.progress.clocks import last_day
from xiandao.domains.progress.kinds import problems as kinds
from xiandao.domains.progress.models import Problem, ProblemEvent, ProblemEventKind, ProblemState

RAISED = register("progress.problem_raised", gettext_lazy("难点堵点：提出"))
ASSIGNED = register("progress.problem_assigned", gettext_lazy("难点堵点：交办"))
ANSWERED = register("progress.problem_answered", gettext_lazy("难点堵点：答复"))
ACCEPTED = register("progress.problem_accepted", gettext_lazy("难点堵点：确认办结"))
REJECTED = register("progress.problem_rejected", gettext_lazy("难点堵点：不认可答复"))
ESCALATED = register("progress.problem_escalated", gettext_lazy("难点堵点：升级"))
WITHDRAWN = register("progress.problem_withdrawn", gettext_lazy("难点堵点：撤回"))
REMARKED = register("progress.problem_remarked", gettext_lazy("难点堵点：补充说明"))

S = ProblemState
OPEN = frozenset({S.RAISED, S.ASSIGNED, S.ANSWERED})
TRANSITIONS: dict[ProblemEventKind, tuple[frozenset[ProblemState], ProblemState | None]] = {
    ProblemEventKind.ASSIGNED: (frozenset({S.RAISED}), S.ASSIGNED),
    ProblemEventKind.REASSIGNED: (frozenset({S.ASSIGNED}), S.ASSIGNED),
    ProblemEventKind.ANSWERED: (frozenset({S.ASSIGNED}), S.ANSWERED),
    ProblemEventKind.ACCEPTED: (frozenset({S.ANSWERED}), S.CLOSED),
    ProblemEventKind.REJECTED: (frozenset({S.ANSWERED}), S.ASSIGNED),
    ProblemEventKind.ESCALATED: (OPEN, None),
    ProblemEventKind.WITHDRAWN: (OPEN, S.WITHDRAWN),
    ProblemEventKind.REMARK: (OPEN, None),
}
"""Which events are possible in which states, and the state they lead to (None: it stays)."""
_AUDIT = {
    ProblemEventKind.ASSIGNED: ASSIGNED,
    ProblemEventKind.REASSIGNED: ASSIGNED,
    ProblemEventKind.ANSWERED: ANSWERED,
    ProblemEventKind.ACCEPTED: ACCEPTED,
    ProblemEventKind.REJECTED: REJECTED,
    ProblemEventKind.ESCALATED: ESCALATED,
    ProblemEventKind.WITHDRAWN: WITHDRAWN,
    ProblemEventKind.REMARK: REMARKED,
}
LONGEST = 5_000


def locked(actor: Viewer, code: str) -> Problem:
    """Return the problem locked until the transaction ends. Raises Problem.DoesNotExist where it may not be seen."""
    visible = Problem.objects.visible_to(actor).filter(code=code).values_list("pk", flat=True)
    rows = Problem.objects.for_system("visible to the actor, see above").select_for_update()
    problem: Problem = rows.get(pk__in=list(visible))
    return problem


def check(problem: Problem, kind: ProblemEventKind) -> None:
    if problem.state not in TRANSITIONS[kind][0]:
        raise Conflict(
            _("难点堵点现在是“%(state)s”，不能%(step)s。") % {"state": problem.get_state_display(), "step": kind.label}
        )


def need(text: str, sentence: str) -> None:
    if not text.strip():
        raise Refused(sentence)


def judge_of_answer(actor: Viewer, problem: Problem) -> None:
    own = problem.raised_by_id == actor.organisation_id and actor.can(Can.RAISE_PROBLEMS)
    if not own and not actor.can(Can.ASSIGN_PROBLEMS):
        raise Refused(_("由提出单位确认答复；统筹协调单位可以代为确认。"))


def finish(actor: Viewer, problem: Problem, kind: ProblemEventKind, moment: dt.datetime, text: str) -> None:
    """Close the problem and everything that waits for it."""
    for task in (kinds.ACCEPT, kinds.ESCALATED):
        clear_tasks(actor, kind=task, object_keys=[problem.code], now=moment)
    for task in (kinds.ASSIGN, kinds.ANSWER):
        withdraw_tasks(actor, kind=task, object_keys=[problem.code], now=moment)
    problem.closed_at = moment
    move(actor, problem, kind, moment, text=text)
    problem.due_on = None
    problem.save(update_fields=["due_on"])


def move(
    actor: Viewer,
    problem: Problem,
    kind: ProblemEventKind,
    moment: dt.datetime,
    *,
    text: str,
    to_id: int | None = None,
    rule: str = "",
) -> None:
    """Put the problem into the state the event leads to, with its new due date, event and audit record."""
    before = {"state": problem.state}
    problem.state = TRANSITIONS[kind][1] or problem.state
    if rule:
        problem.due_on = last_day(rule, timezone.localdate(moment))
    problem.save()
    event(actor, problem, kind, moment, text=text, to_id=to_id)
    record(
        actor, _AUDIT[kind], problem, before=before, after={"state": problem.state, "to": to_id}, reason=text.strip()
    )


def event(
    actor: Viewer, problem: Problem, kind: ProblemEventKind, moment: dt.datetime, *, text: str, to_id: int | None = None
) -> ProblemEvent:
    event: ProblemEvent = ProblemEvent.objects.create(
        problem=problem,
        kind=kind,
        state=problem.state,
        at=moment,
        by=actor.name,
        organisation_id=actor.organisation_id,
        to_id=to_id,
        text=text.strip()[:LONGEST],
    )
    return event


def record(actor: Viewer, action: RegisteredAction, problem: Problem, **content: object) -> None:
    reason = str(content.pop("reason", ""))
    audit.record(
        actor,
        action,
        kind=kinds.PROBLEM,
        key=problem.code,
        label=f"{problem.code} {problem.title}",
        reason=reason,
        **content,
    )


def task(
    actor: Viewer,
    problem: Problem,
    kind: TaskKind,
    organisation_id: int | None,
    *,
    rule: str,
    now: dt.datetime,
) -> None:
    """Put the next step into the inbox of the organisation that has to take it."""
    if organisation_id is None:
        return
    new = NewTask(kind, organisation_id, kinds.PROBLEM, problem.code, f"{problem.code} {problem.title}", rule=rule)
    open_task(actor, new, now=now)


def coordinator() -> Organisation:
    found: Organisation = Organisation.objects.get(is_coordinator=True)
    return found
