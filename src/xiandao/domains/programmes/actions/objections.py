"""Objections to a notice: by name, or anonymous with evidence that can be checked; accepted, handled, answered."""

import datetime as dt
import secrets
from dataclasses import dataclass
from typing import Any, cast

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import RegisteredAction
from xiandao.domains.inbox.actions import NewTask, clear_tasks, extend_clock, open_task
from xiandao.domains.inbox.models import ClockRule, Task, TaskState
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.viewer import Viewer, system
from xiandao.domains.programmes import office
from xiandao.domains.programmes.actions import noticing
from xiandao.domains.programmes.actions.common import BadFields, needed, numbered
from xiandao.domains.programmes.kinds.office import ACCEPT, HANDLE
from xiandao.domains.programmes.life import may_step, move
from xiandao.domains.programmes.models import (
    Application,
    DecisionRow,
    DecisionState,
    Notice,
    NoticeObjection,
    NoticeObjectionEvent,
    NoticeObjectionState,
    Outcome,
)
from xiandao.domains.progress.clocks import last_day

S = NoticeObjectionState
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LONGEST = 5_000
MOST_A_DAY_FROM_ONE_PLACE = 10
MOST_AN_HOUR_TO_A_NOTICE = 100
ACCEPT_RULE, HANDLE_RULE = "objection.accept", "objection.handle"


@dataclass(frozen=True, slots=True)
class Objected:
    """What somebody objects. `application`: number of the row, "" for the whole notice."""

    named: bool
    text: str
    name: str = ""
    contact: str = ""
    evidence: str = ""
    application: str = ""


def random_code(length: int) -> str:
    """Return a code nobody can guess, of letters and figures nobody confuses."""
    return "".join(secrets.choice(LETTERS) for _each in range(length))


@transaction.atomic
def object_to(
    actor: Viewer, *, notice_code: str, objected: Objected, now: dt.datetime | None = None
) -> NoticeObjection:
    """Take an objection to a running notice: anybody may, signed in or not. It gets a number and a query code.

    Raises BadFields, Conflict after the notice, Refused for too many from one place in a day.
    """
    moment = now or timezone.now()
    notice = Notice.objects.select_related("decision__call").filter(code=notice_code).first()
    if notice is None:
        raise Refused(_("没有这份公示。"))
    today = timezone.localdate(moment)
    if notice.state not in noticing.SHOWN or today > notice.ends_on:
        raise Conflict(_("公示已于 %(day)s 结束，不再受理异议。") % {"day": notice.ends_on})
    application = _row(notice, objected)
    mark = _mark(actor.address or "", today)
    _not_too_many(notice, mark, moment)
    objection: NoticeObjection = NoticeObjection.objects.create(
        code=numbered("GY", "notice-objection", moment, digits=4),
        notice=notice,
        application=application,
        organisation_id=actor.organisation_id if objected.named else None,
        named=objected.named,
        name=objected.name.strip()[:200] if objected.named else "",
        contact=objected.contact.strip()[:200] if objected.named else "",
        text=objected.text.strip()[:LONGEST],
        evidence=objected.evidence.strip()[:LONGEST],
        received_at=moment,
        due_on=last_day(ACCEPT_RULE, today),
        query_code=random_code(12),
        address_mark=mark,
    )
    subject = f"{objection.code} {notice.title}"
    task = NewTask(
        ACCEPT, notice.decision.call.organiser_id, office.OBJECTION, objection.code, subject, rule=ACCEPT_RULE
    )
    # Who objected without a name is not named by the task, the history or the log either.
    hand = actor if objected.named else system("notice-objection")
    open_task(hand, task, now=moment)
    _event(hand, objection, moment, "")
    after = {"named": objection.named, "application": objected.application, "due_on": objection.due_on}
    log(hand, office.OBJECTED, objection, after=after)
    return objection


def _row(notice: Notice, objected: Objected) -> Application | None:
    """Return the application objected to. Raises BadFields with all that is missing."""
    faults = []
    if not objected.text.strip():
        faults.append(("text", _("请写明异议的内容。")))
    if objected.named:
        if not objected.name.strip():
            faults.append(("name", _("实名提出的，请写明姓名或单位名称。")))
        if not objected.contact.strip():
            faults.append(("contact", _("实名提出的，请写明联系方式，书面答复凭它送达。")))
    elif not objected.evidence.strip():
        faults.append(("evidence", _("匿名提出的，须写明可核查的线索：时间、地点、文件、查证的途径。")))
    codes = {row["code"] for row in notice.rows}
    if objected.application and objected.application not in codes:
        faults.append(("application", _("公示中没有这一项，请重新选择。")))
    if faults:
        raise BadFields(faults)
    if not objected.application:
        return None
    rows = Application.objects.for_system("a row of a public notice")
    return cast("Application", rows.get(code=objected.application))


def _mark(address: str, today: dt.date) -> str:
    """Return the keyed digest of an address for a day; "" where the address is not known."""
    return salted_hmac("notice-objection", f"{today} {address}", algorithm="sha256").hexdigest() if address else ""


def _not_too_many(notice: Notice, mark: str, moment: dt.datetime) -> None:
    rows = NoticeObjection.objects.for_system("counting")
    if mark and rows.filter(address_mark=mark).count() >= MOST_A_DAY_FROM_ONE_PLACE:
        raise Refused(_("今天从您的网络地址提出的异议已达上限，请按公示的联系方式直接联系组织单位。"))
    hour = rows.filter(notice=notice, received_at__gt=moment - dt.timedelta(hours=1))
    if hour.count() >= MOST_AN_HOUR_TO_A_NOTICE:
        raise Refused(_("短时间内收到的异议过多，请一小时后再试，或按公示的联系方式直接联系组织单位。"))


def locked(actor: Viewer, code: str) -> NoticeObjection:
    """Return an objection locked, for the organiser of its call. DoesNotExist where it is not seen."""
    seen = NoticeObjection.objects.visible_to(actor).filter(code=code).values_list("pk", flat=True)
    rows = NoticeObjection.objects.for_system(office.WHY).select_related(
        "notice__decision__call", "application__applicant"
    )
    objection = cast("NoticeObjection", rows.select_for_update(of=("self",)).get(pk__in=list(seen)))
    office.may_run(actor, objection.notice.decision.call).require()
    return objection


def _require(objection: NoticeObjection, *states: S) -> None:
    if objection.state not in states:
        raise Conflict(_("该异议现在是“%(state)s”，不能这样办理。") % {"state": objection.get_state_display()})


@transaction.atomic
def accept(actor: Viewer, *, code: str, now: dt.datetime | None = None) -> NoticeObjection:
    """Accept an objection: the time to handle it starts."""
    moment = now or timezone.now()
    objection = locked(actor, code)
    _require(objection, S.RECEIVED)
    clear_tasks(actor, kind=ACCEPT, object_keys=[code], now=moment)
    subject = f"{code} {objection.notice.title}"
    task = NewTask(
        HANDLE, objection.notice.decision.call.organiser_id, office.OBJECTION, code, subject, rule=HANDLE_RULE
    )
    open_task(actor, task, now=moment)
    objection.state, objection.due_on = S.ACCEPTED, last_day(HANDLE_RULE, timezone.localdate(moment))
    objection.save(update_fields=["state", "due_on"])
    _event(actor, objection, moment, "")
    log(actor, office.OBJECTION_ACCEPTED, objection, after={"state": objection.state, "due_on": objection.due_on})
    return objection


@transaction.atomic
def refuse(actor: Viewer, *, code: str, reason: str, now: dt.datetime | None = None) -> NoticeObjection:
    """Refuse to take up an objection, with the reason; who raised it reads it by the query code."""
    moment = now or timezone.now()
    said = needed(reason, _("请写明不予受理的理由，提出人会看到。"))
    objection = locked(actor, code)
    _require(objection, S.RECEIVED)
    _close(actor, objection, S.REFUSED, said, moment)
    clear_tasks(actor, kind=ACCEPT, object_keys=[code], now=moment)
    log(actor, office.OBJECTION_REFUSED, objection, after={"state": objection.state}, reason=said)
    return objection


@transaction.atomic
def extend(actor: Viewer, *, code: str, reason: str, now: dt.datetime | None = None) -> NoticeObjection:
    """Extend the time to handle an objection once, by what the rule allows, with the reason."""
    moment = now or timezone.now()
    said = needed(reason, _("请写明延长的理由，提出人会看到。"))
    objection = locked(actor, code)
    _require(objection, S.ACCEPTED)
    if objection.extended:
        raise Conflict(_("办理期限只能延长一次。"))
    days = ClockRule.objects.get(key=HANDLE_RULE).extension_days or 0
    rows = Task.objects.for_system(office.WHY).filter(kind=HANDLE.code, object_key=code, state=TaskState.OPEN)
    pk = rows.values_list("pk", flat=True).get()
    clock_hand = system("notice-objection")  # the task's clock is changed here alone
    task = extend_clock(clock_hand, pk=pk, by=days, reason=said, approver=actor.name, today=timezone.localdate(moment))
    before = objection.due_on
    objection.due_on, objection.extended = task.due_on, True
    objection.save(update_fields=["due_on", "extended"])
    _event(actor, objection, moment, _("办理期限延长至 %(day)s：") % {"day": objection.due_on} + said)
    after = {"due_on": objection.due_on}
    log(actor, office.OBJECTION_EXTENDED, objection, before={"due_on": before}, after=after, reason=said)
    return objection


@transaction.atomic
def answer(
    actor: Viewer, *, code: str, upheld: bool, text: str, drop: bool = False, now: dt.datetime | None = None
) -> NoticeObjection:
    """Answer an accepted objection. Upheld with `drop`, the row it names is no longer approved, for the reason given.

    What else has to change is changed by taking the notice down. Raises BadFields, Conflict.
    """
    moment = now or timezone.now()
    said = needed(text, _("请写明核查情况和结论，提出人会看到。"), field="text")
    objection = locked(actor, code)
    _require(objection, S.ACCEPTED)
    if drop and not upheld:
        raise BadFields([("drop", _("异议不成立的，不改变拟定结果。"))])
    if drop and objection.application is None:
        raise BadFields([("drop", _("该异议没有指明哪一项：需要改动的，请撤下公示后修改决定。"))])
    _close(actor, objection, S.UPHELD if upheld else S.DISMISSED, said, moment)
    clear_tasks(actor, kind=HANDLE, object_keys=[code], now=moment)
    if drop and objection.application is not None:
        _drop(actor, objection, said, moment)
    after = {"state": objection.state, "dropped": drop}
    log(actor, office.OBJECTION_ANSWERED, objection, before={"state": S.ACCEPTED.value}, after=after, reason=said)
    decision = objection.notice.decision
    noticing.end_if_due(actor, pk=decision.pk, today=timezone.localdate(moment), now=moment)
    return objection


def _drop(actor: Viewer, objection: NoticeObjection, said: str, moment: dt.datetime) -> None:
    """Take the row objected to out of what is approved; taking away favours nobody, so the notice runs on."""
    decision = office.decision_locked(actor, objection.notice.decision_id)
    if decision.state not in (DecisionState.NOTICED, DecisionState.PREPARED):
        raise Conflict(_("该决定%(state)s，不能再改。") % {"state": decision.get_state_display()})
    pk = objection.application_id
    application = Application.objects.for_system(office.WHY).select_related("applicant", "call").get(pk=pk)
    row = DecisionRow.objects.get(application=application)
    if row.outcome != Outcome.APPROVE:
        return
    before = {"outcome": row.outcome, "level": row.level, "amount": row.amount}
    row.outcome, row.level, row.amount = Outcome.REFUSE, "", None
    row.reason = _("公示期间异议（%(code)s）经核查成立：%(text)s") % {"code": objection.code, "text": said}
    row.save(update_fields=["outcome", "level", "amount", "reason"])
    move(actor, application, "drop" if may_step(application, "drop") else "not_propose", now=moment)
    notice = noticing.running(decision)
    if notice is not None:
        notice.dropped = [*notice.dropped, application.code]
        notice.save(update_fields=["dropped"])
    office.record(actor, office.ROW_SET, application, before=before, after={"outcome": row.outcome}, reason=row.reason)


def _close(actor: Viewer, objection: NoticeObjection, state: S, said: str, moment: dt.datetime) -> None:
    objection.state, objection.answer, objection.answered_at, objection.due_on = state, said, moment, None
    objection.save(update_fields=["state", "answer", "answered_at", "due_on"])
    _event(actor, objection, moment, said)


def _event(actor: Viewer, objection: NoticeObjection, moment: dt.datetime, text: str) -> None:
    NoticeObjectionEvent.objects.create(
        objection=objection, state=objection.state, at=moment, by=actor.name or _("公众"), text=text[:LONGEST]
    )


def log(actor: Viewer, action: RegisteredAction, objection: NoticeObjection, **content: Any) -> None:
    """Write the audit record of a step of an objection."""
    reason = str(content.pop("reason", ""))
    label = f"{objection.code} {objection.notice.title}"
    audit.record(actor, action, kind=office.OBJECTION, key=objection.code, label=label, reason=reason, **content)
