"""Problems (难点堵点): raised, assigned, answered, accepted or sent back, escalated, withdrawn."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from xiandao.domains.inbox.actions import clear_tasks, withdraw_tasks
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import Organisation
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.progress.actions import problem_steps as step
from xiandao.domains.progress.clocks import last_day
from xiandao.domains.progress.kinds import problems as kinds
from xiandao.domains.progress.models import (
    Assignment,
    Problem,
    ProblemEvent,
    ProblemEventKind,
    ProblemState,
    Report,
    Sequence,
)


@dataclass(frozen=True, slots=True)
class NewProblem:
    """What the one who raises a problem writes."""

    title: str
    text: str
    request: str
    asked_of_id: int | None = None


@transaction.atomic
def raise_problem(
    actor: Viewer,
    *,
    assignment: Assignment,
    new: NewProblem,
    report: Report | None = None,
    now: dt.datetime | None = None,
) -> Problem:
    """Raise a problem of one's own duty; the coordinator has to assign it within the time limit of the pack.

    Raises Refused without the right, for another organisation's duty, or with words missing.
    """
    moment = now or timezone.now()
    if not actor.can(Can.RAISE_PROBLEMS):
        raise Refused(_("您的岗位不能提出难点堵点。"))
    if assignment.organisation_id != actor.organisation_id and not actor.can(Can.STEER):
        raise Refused(_("只能就本单位的责任项提出难点堵点。"))
    if assignment.ended_at is not None:
        raise Conflict(_("该责任项已经结束，不能再提出难点堵点。"))
    if report is not None and report.assignment_id != assignment.pk:
        raise Refused(_("这份进展不是这项责任的：请从它的填报页提出。"))
    return place_problem(actor, assignment=assignment, new=new, report=report, moment=moment)


def lacking_words(new: NewProblem) -> list[tuple[str, str]]:
    """Return which words a new problem lacks, as (field, sentence)."""
    fields = (
        ("title", new.title, _("难点堵点")),
        ("text", new.text, _("具体情况")),
        ("request", new.request, _("请求事项")),
    )
    return [(key, _("请填写“%(field)s”。") % {"field": name}) for key, words, name in fields if not words.strip()]


def place_problem(
    actor: Viewer, *, assignment: Assignment, new: NewProblem, report: Report | None, moment: dt.datetime
) -> Problem:
    """Raise a problem for a caller that has checked who may, in its transaction. Raises Refused with words missing."""
    for _field, sentence in lacking_words(new):
        raise Refused(sentence)
    title, text, request = new.title.strip(), new.text.strip(), new.request.strip()
    today = timezone.localdate(moment)
    problem = Problem(
        code=f"W{today.year}-{Sequence.take('problem', today.year):04}",
        assignment=assignment,
        report=report,
        title=title[:200],
        text=text[: step.LONGEST],
        request=request[: step.LONGEST],
        raised_by_id=assignment.organisation_id,
        asked_of_id=new.asked_of_id,
        state=ProblemState.RAISED,
        raised_at=moment,
        escalates_on=last_day("problem.escalate", today),
    )
    problem.due_on = last_day("problem.assign", today)
    problem.save()
    step.event(actor, problem, ProblemEventKind.RAISED, moment, text=request, to_id=new.asked_of_id)
    step.task(actor, problem, kinds.ASSIGN, step.coordinator().pk, rule="problem.assign", now=moment)
    step.record(
        actor, step.RAISED, problem, after={"title": problem.title, "request": request, "asked_of": new.asked_of_id}
    )
    return problem


@transaction.atomic
def assign_problem(
    actor: Viewer, *, code: str, to: Organisation, text: str = "", now: dt.datetime | None = None
) -> Problem:
    """Give a problem to the organisation that has to answer it; a second time gives it to another one.

    Raises Refused without the right or to the very organisation that raised it, Conflict in another state.
    """
    moment = now or timezone.now()
    problem = step.locked(actor, code)
    if not actor.can(Can.ASSIGN_PROBLEMS):
        raise Refused(_("只有统筹协调单位可以交办难点堵点。"))
    again = problem.state == ProblemState.ASSIGNED
    kind = ProblemEventKind.REASSIGNED if again else ProblemEventKind.ASSIGNED
    step.check(problem, kind)
    if to.pk == problem.raised_by_id:
        raise Refused(_("不能交办给提出问题的单位自己。"))
    if again and to.pk == problem.assigned_to_id:
        raise Conflict(_("已经交办给%(body)s。") % {"body": to.label})
    if again:
        withdraw_tasks(actor, kind=kinds.ANSWER, object_keys=[problem.code], now=moment)
    clear_tasks(actor, kind=kinds.ASSIGN, object_keys=[problem.code], now=moment)
    problem.assigned_to = to
    step.move(actor, problem, kind, moment, text=text, to_id=to.pk, rule="problem.answer")
    step.task(actor, problem, kinds.ANSWER, to.pk, rule="problem.answer", now=moment)
    return problem


@transaction.atomic
def answer_problem(actor: Viewer, *, code: str, text: str, now: dt.datetime | None = None) -> Problem:
    """Answer a problem assigned to one's organisation. Raises Refused without words or right, Conflict otherwise."""
    moment = now or timezone.now()
    problem = step.locked(actor, code)
    if not actor.can(Can.ANSWER_PROBLEMS) or problem.assigned_to_id != actor.organisation_id:
        raise Refused(_("只有承办单位可以答复。"))
    step.check(problem, ProblemEventKind.ANSWERED)
    step.need(text, _("请写明答复内容：采取了什么措施、解决到什么程度。"))
    clear_tasks(actor, kind=kinds.ANSWER, object_keys=[problem.code], now=moment)
    step.move(
        actor, problem, ProblemEventKind.ANSWERED, moment, text=text, to_id=problem.raised_by_id, rule="problem.accept"
    )
    step.task(actor, problem, kinds.ACCEPT, problem.raised_by_id, rule="problem.accept", now=moment)
    return problem


@transaction.atomic
def accept_answer(actor: Viewer, *, code: str, text: str = "", now: dt.datetime | None = None) -> Problem:
    """Accept an answer and close the problem: whoever raised it, or the coordinator for it."""
    moment = now or timezone.now()
    problem = step.locked(actor, code)
    step.judge_of_answer(actor, problem)
    step.check(problem, ProblemEventKind.ACCEPTED)
    step.finish(actor, problem, ProblemEventKind.ACCEPTED, moment, text)
    return problem


@transaction.atomic
def accept_by_silence(actor: Viewer, *, code: str, now: dt.datetime | None = None) -> Problem | None:
    """Close a problem whose answer nobody contradicted in time. Called by the worker; None if somebody was faster."""
    moment = now or timezone.now()
    if not actor.is_system:
        raise Refused(_("只有平台可以按期满默认办结。"))
    problem = step.locked(actor, code)
    if problem.state != ProblemState.ANSWERED:
        return None
    step.finish(actor, problem, ProblemEventKind.ACCEPTED, moment, _("期满未表示意见，视为认可答复。"))
    return problem


@transaction.atomic
def reject_answer(actor: Viewer, *, code: str, text: str, now: dt.datetime | None = None) -> Problem:
    """Send an answer back with the reason; the clock of the answer starts anew."""
    moment = now or timezone.now()
    problem = step.locked(actor, code)
    step.judge_of_answer(actor, problem)
    step.check(problem, ProblemEventKind.REJECTED)
    step.need(text, _("请写明为什么不认可这次答复。"))
    clear_tasks(actor, kind=kinds.ACCEPT, object_keys=[problem.code], now=moment)
    to = problem.assigned_to_id
    step.move(actor, problem, ProblemEventKind.REJECTED, moment, text=text, to_id=to, rule="problem.answer")
    step.task(actor, problem, kinds.ANSWER, to, rule="problem.answer", now=moment)
    return problem


@transaction.atomic
def withdraw_problem(actor: Viewer, *, code: str, text: str, now: dt.datetime | None = None) -> Problem:
    """Take a problem back because it has gone away; only whoever raised it."""
    moment = now or timezone.now()
    problem = step.locked(actor, code)
    if problem.raised_by_id != actor.organisation_id or not actor.can(Can.RAISE_PROBLEMS):
        raise Refused(_("只有提出单位可以撤回。"))
    step.check(problem, ProblemEventKind.WITHDRAWN)
    step.need(text, _("请写明撤回的理由。"))
    step.finish(actor, problem, ProblemEventKind.WITHDRAWN, moment, text)
    return problem


@transaction.atomic
def remark(actor: Viewer, *, code: str, text: str, now: dt.datetime | None = None) -> ProblemEvent:
    """Add something to a problem one takes part in: raised it, was asked, answers it, or coordinates."""
    moment = now or timezone.now()
    problem = step.locked(actor, code)
    parties = {problem.raised_by_id, problem.asked_of_id, problem.assigned_to_id}
    if actor.organisation_id not in parties and not actor.can(Can.ASSIGN_PROBLEMS):
        raise Refused(_("只有提出、承办和统筹协调单位可以补充说明。"))
    step.check(problem, ProblemEventKind.REMARK)
    step.need(text, _("请填写补充说明。"))
    event = step.event(actor, problem, ProblemEventKind.REMARK, moment, text=text)
    step.record(actor, step.REMARKED, problem, after={"text": text.strip()})
    return event


def escalate_due(actor: Viewer, *, today: dt.date, now: dt.datetime | None = None) -> int:
    """Escalate every problem whose time has run out, each in its own transaction; return how many. Safe to repeat."""
    moment = now or timezone.now()
    if not actor.is_system:
        raise Refused(_("升级由平台按时限办理。"))
    due = Problem.objects.for_system("the worker").filter(
        state__in=(ProblemState.RAISED, ProblemState.ASSIGNED, ProblemState.ANSWERED),
        escalated_at=None,
        escalates_on__lt=today,
    )
    return sum(_escalate(actor, code, moment) for code in due.values_list("code", flat=True))


@transaction.atomic
def _escalate(actor: Viewer, code: str, moment: dt.datetime) -> bool:
    problem = step.locked(actor, code)
    if problem.escalated_at is not None or problem.state not in step.TRANSITIONS[ProblemEventKind.ESCALATED][0]:
        return False
    problem.escalated_at = moment
    step.move(actor, problem, ProblemEventKind.ESCALATED, moment, text="", to_id=step.coordinator().pk)
    step.task(actor, problem, kinds.ESCALATED, step.coordinator().pk, rule="", now=moment)
    return True
