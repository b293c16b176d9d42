"""Reminder letters (督办单): drafted, issued with a number, received, replied to, closed, withdrawn."""

import datetime as dt
from collections.abc import Sequence as Many
from dataclasses import dataclass

from django.db import transaction
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
from xiandao.domains.progress.models import Letter, LetterEvent, LetterState, Problem, Report, Sequence

DRAFTED = register("progress.letter_drafted", gettext_lazy("督办单：起草"))
EDITED = register("progress.letter_edited", gettext_lazy("督办单：修改"))
ISSUED = register("progress.letter_issued", gettext_lazy("督办单：签发"))
RECEIVED = register("progress.letter_received", gettext_lazy("督办单：签收"))
REPLIED = register("progress.letter_replied", gettext_lazy("督办单：回复"))
REJECTED = register("progress.letter_reply_rejected", gettext_lazy("督办单：退回重办"))
CLOSED = register("progress.letter_closed", gettext_lazy("督办单：核销"))
WITHDRAWN = register("progress.letter_withdrawn", gettext_lazy("督办单：撤回"))

S = LetterState
TRANSITIONS: dict[RegisteredAction, tuple[frozenset[LetterState], LetterState]] = {
    EDITED: (frozenset({S.DRAFT}), S.DRAFT),
    ISSUED: (frozenset({S.DRAFT}), S.ISSUED),
    RECEIVED: (frozenset({S.ISSUED}), S.RECEIVED),
    REPLIED: (frozenset({S.RECEIVED}), S.REPLIED),
    REJECTED: (frozenset({S.REPLIED}), S.RECEIVED),
    CLOSED: (frozenset({S.REPLIED}), S.CLOSED),
    WITHDRAWN: (frozenset({S.DRAFT, S.ISSUED, S.RECEIVED}), S.WITHDRAWN),
}
"""Which step is possible in which states, and the state it leads to."""


@dataclass(frozen=True, slots=True)
class LetterText:
    """What a letter says: to whom is fixed when it is drafted."""

    title: str
    text: str
    demand: str
    due_on: dt.date


@transaction.atomic
def draft_letter(
    actor: Viewer,
    *,
    to: Organisation,
    says: LetterText,
    reports: Many[Report] = (),
    problems: Many[Problem] = (),
    now: dt.datetime | None = None,
) -> Letter:
    """Draft a letter to one organisation about late reports or problems. Raises Refused without the right or words."""
    moment = now or timezone.now()
    _may_issue(actor)
    checked = _checked(says, timezone.localdate(moment))
    letter = Letter(
        to=to,
        title=checked.title,
        text=checked.text,
        demand=checked.demand,
        due_on=checked.due_on,
        created_at=moment,
        created_by=actor.name,
    )
    letter.save()
    letter.reports.add(*reports)
    letter.problems.add(*problems)
    _record(actor, DRAFTED, letter, after={"to": to.code, "title": letter.title, "due_on": letter.due_on})
    return letter


@transaction.atomic
def edit_letter(actor: Viewer, *, pk: int, says: LetterText, now: dt.datetime | None = None) -> Letter:
    """Change a draft. Raises Conflict once it is issued."""
    letter = _locked(actor, pk)
    _may_issue(actor)
    _check(letter, EDITED)
    checked = _checked(says, timezone.localdate(now or timezone.now()))
    before = {"title": letter.title, "text": letter.text, "demand": letter.demand, "due_on": letter.due_on}
    letter.title, letter.text = checked.title, checked.text
    letter.demand, letter.due_on = checked.demand, checked.due_on
    letter.save()
    after = {"title": letter.title, "text": letter.text, "demand": letter.demand, "due_on": letter.due_on}
    _record(actor, EDITED, letter, before=before, after=after)
    return letter


@transaction.atomic
def issue_letter(actor: Viewer, *, pk: int, mark: str, now: dt.datetime | None = None) -> Letter:
    """Issue a letter: it takes the year's next number, 〔year〕 after `mark`, and the addressee has to receive it."""
    moment = now or timezone.now()
    letter = _locked(actor, pk)
    _may_issue(actor)
    _check(letter, ISSUED)
    today = timezone.localdate(moment)
    if letter.due_on < today:
        raise Refused(_("办理时限 %(day)s 已经过去，请先修改。") % {"day": letter.due_on})
    letter.year, letter.serial = today.year, Sequence.take("letter", today.year)
    letter.number = f"{mark}〔{letter.year}〕{letter.serial}号"
    letter.issued_at, letter.issued_by = moment, actor.name
    letter.receive_by = last_day("supervision.receipt", today)
    _move(actor, letter, ISSUED, moment, number=letter.number)
    _task(actor, letter, kinds.RECEIVE, letter.to_id, due_on=letter.receive_by, now=moment)
    return letter


@transaction.atomic
def receive_letter(actor: Viewer, *, pk: int, now: dt.datetime | None = None) -> Letter:
    """Sign for a letter addressed to one's organisation; from now on it waits for a reply."""
    moment = now or timezone.now()
    letter = _locked(actor, pk)
    _may_answer(actor, letter)
    _check(letter, RECEIVED)
    letter.received_at, letter.received_by = moment, actor.name
    clear_tasks(actor, kind=kinds.RECEIVE, object_keys=[str(letter.pk)], now=moment)
    _move(actor, letter, RECEIVED, moment)
    _task(actor, letter, kinds.REPLY, letter.to_id, due_on=letter.due_on, now=moment)
    return letter


@transaction.atomic
def reply_letter(actor: Viewer, *, pk: int, text: str, now: dt.datetime | None = None) -> Letter:
    """Say what was done; the coordinator closes the letter or sends the reply back."""
    moment = now or timezone.now()
    letter = _locked(actor, pk)
    _may_answer(actor, letter)
    _check(letter, REPLIED)
    if not text.strip():
        raise Refused(_("请填写办理结果。"))
    letter.reply, letter.replied_at, letter.replied_by = text.strip(), moment, actor.name
    clear_tasks(actor, kind=kinds.REPLY, object_keys=[str(letter.pk)], now=moment)
    _move(actor, letter, REPLIED, moment, reply=letter.reply)
    _task(actor, letter, kinds.CLOSE, Organisation.objects.get(is_coordinator=True).pk, due_on=None, now=moment)
    return letter


@transaction.atomic
def reject_reply(actor: Viewer, *, pk: int, text: str, now: dt.datetime | None = None) -> Letter:
    """Send a reply back with the reason: the matter goes on."""
    moment = now or timezone.now()
    letter = _locked(actor, pk)
    _may_issue(actor)
    _check(letter, REJECTED)
    if not text.strip():
        raise Refused(_("请写明退回重办的理由。"))
    clear_tasks(actor, kind=kinds.CLOSE, object_keys=[str(letter.pk)], now=moment)
    _move(actor, letter, REJECTED, moment, reason=text.strip(), reply=letter.reply)
    _task(actor, letter, kinds.REPLY, letter.to_id, due_on=letter.due_on, now=moment)
    return letter


@transaction.atomic
def close_letter(actor: Viewer, *, pk: int, text: str = "", now: dt.datetime | None = None) -> Letter:
    """Close a letter whose matter is done."""
    moment = now or timezone.now()
    letter = _locked(actor, pk)
    _may_issue(actor)
    _check(letter, CLOSED)
    letter.closed_at, letter.closed_by, letter.closing_note = moment, actor.name, text.strip()
    clear_tasks(actor, kind=kinds.CLOSE, object_keys=[str(letter.pk)], now=moment)
    _move(actor, letter, CLOSED, moment, reason=text.strip())
    return letter


@transaction.atomic
def withdraw_letter(actor: Viewer, *, pk: int, text: str, now: dt.datetime | None = None) -> Letter:
    """Take a letter back; its number is not given again."""
    moment = now or timezone.now()
    letter = _locked(actor, pk)
    _may_issue(actor)
    _check(letter, WITHDRAWN)
    if not text.strip():
        raise Refused(_("请写明撤回的理由。"))
    for kind in (kinds.RECEIVE, kinds.REPLY, kinds.CLOSE):
        withdraw_tasks(actor, kind=kind, object_keys=[str(letter.pk)], now=moment)
    letter.closed_at, letter.closed_by, letter.closing_note = moment, actor.name, text.strip()
    _move(actor, letter, WITHDRAWN, moment, reason=text.strip())
    return letter


def _locked(actor: Viewer, pk: int) -> Letter:
    """Return the letter locked until the transaction ends. Raises Letter.DoesNotExist where it may not be seen."""
    visible = list(Letter.objects.visible_to(actor).filter(pk=pk).values_list("pk", flat=True))
    letter: Letter = (
        Letter.objects.for_system("visible to the actor, see above").select_for_update(of=("self",)).get(pk__in=visible)
    )
    return letter


def _may_issue(actor: Viewer) -> None:
    if not actor.can(Can.ISSUE_LETTERS):
        raise Refused(_("只有统筹协调单位可以签发督办单。"))


def _may_answer(actor: Viewer, letter: Letter) -> None:
    if letter.to_id != actor.organisation_id or not actor.can(Can.RECEIVE_LETTERS):
        raise Refused(_("只有受文单位可以签收和办理。"))


def _check(letter: Letter, step: RegisteredAction) -> None:
    if letter.state not in TRANSITIONS[step][0]:
        raise Conflict(
            _("督办单现在是“%(state)s”，不能这样办理。请刷新后再看。") % {"state": letter.get_state_display()}
        )


def _checked(says: LetterText, today: dt.date) -> LetterText:
    for words, name in ((says.title, _("标题")), (says.text, _("督办事项"))):
        if not words.strip():
            raise Refused(_("请填写“%(field)s”。") % {"field": name})
    if says.due_on < today:
        raise Refused(_("办理时限应不早于今天（%(day)s）。") % {"day": today})
    return LetterText(says.title.strip()[:200], says.text.strip(), says.demand.strip(), says.due_on)


def _move(
    actor: Viewer, letter: Letter, step: RegisteredAction, moment: dt.datetime, *, reason: str = "", **after: object
) -> None:
    before = {"state": letter.state}
    letter.state = TRANSITIONS[step][1]
    letter.save()
    said = letter.reply if step is REPLIED else reason
    LetterEvent.objects.create(letter=letter, state=letter.state, at=moment, by=actor.name, text=said)
    _record(actor, step, letter, before=before, after={"state": letter.state, **after}, reason=reason)


def _record(actor: Viewer, step: RegisteredAction, letter: Letter, **content: object) -> None:
    reason = str(content.pop("reason", ""))
    audit.record(actor, step, kind=kinds.LETTER, key=str(letter.pk), label=str(letter), reason=reason, **content)


def _task(
    actor: Viewer,
    letter: Letter,
    kind: TaskKind,
    organisation_id: int,
    *,
    due_on: dt.date | None,
    now: dt.datetime,
) -> None:
    subject = f"{letter.number} {letter.title}"
    open_task(actor, NewTask(kind, organisation_id, kinds.LETTER, str(letter.pk), subject, due_on=due_on), now=now)
