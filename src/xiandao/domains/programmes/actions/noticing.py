"""The notice (公示): published, ended by the calendar, held while an objection is open, restarted after a change."""

import datetime as dt
import hashlib
import json
from decimal import Decimal
from typing import Any, cast

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import RegisteredAction
from xiandao.domains.inbox.actions import NewTask, open_task
from xiandao.domains.inbox.models import ClockRule
from xiandao.domains.inbox.packvalues import value
from xiandao.domains.orgs.permission import Conflict
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.programmes import office
from xiandao.domains.programmes.actions import deciding
from xiandao.domains.programmes.actions.common import BadFields, needed, numbered
from xiandao.domains.programmes.kinds.office import ANNOUNCE
from xiandao.domains.programmes.life import move
from xiandao.domains.programmes.models import (
    Application,
    Call,
    DecisionList,
    DecisionState,
    Notice,
    NoticeObjection,
    NoticeObjectionState,
    NoticeState,
    Outcome,
)
from xiandao.domains.progress.clocks import last_day

_MAJOR, _USUAL = "notice.publicity_major", "notice.publicity"
UNANSWERED = (NoticeObjectionState.RECEIVED, NoticeObjectionState.ACCEPTED)
SHOWN = (NoticeState.RUNNING, NoticeState.HELD)


def clock_of(call: Call, rows: list[dict[str, Any]]) -> str:
    """Return the rule of deadlines.yaml a notice runs by: the programme's, the longer one for much money."""
    stages = call.version.definition.get("stages", [])
    own = next((each.get("clock") for each in stages if each.get("stage") == "notice"), None) or _USUAL
    bound = value("notice_major_from")
    much = any(row["amount"] is not None and Decimal(row["amount"]) >= bound for row in rows)
    return _MAJOR if much and own == _USUAL else own


def rows_of(decision: DecisionList) -> list[dict[str, Any]]:
    """Return the rows as the public reads them: what is approved, in order."""
    found = decision.rows.filter(outcome=Outcome.APPROVE).select_related(
        "application__applicant", "application__region"
    )
    rows = found.prefetch_related("application__industries").order_by("order", "application__code")
    return [
        {
            "code": row.application.code,
            "name": str(row.application),
            "holder": row.application.applicant.name,
            "region": row.application.region.name if row.application.region else "",
            "industries": [industry.name for industry in row.application.industries.all()],
            "level": row.level,
            "amount": None if row.amount is None else str(row.amount),
        }
        for row in rows
    ]


@transaction.atomic
def publish(
    actor: Viewer, *, pk: int, title: str, contact: str, text: str = "", now: dt.datetime | None = None
) -> Notice:
    """Publish the notice of a whole decision. Conflict while anything is missing; BadFields without contact.

    After an earlier notice was taken down it follows that one and the time begins anew.
    """
    moment = now or timezone.now()
    decision = deciding.changeable(actor, pk)
    if not deciding.has_stage(decision.call, "notice"):
        raise Conflict(_("该专项不设公示。"))
    faults = deciding.standing(decision).faults
    if faults:
        raise Conflict(" ".join(faults))
    rows = rows_of(decision)
    if not rows:
        raise Conflict(_("没有拟入选的申报，无须公示：可以直接公布。"))
    wrong = []
    if not title.strip():
        wrong.append(("title", _("请写明公示标题。")))
    if not contact.strip():
        wrong.append(("contact", _("请写明联系方式：部门、电话、地址，异议凭它提出。")))
    if wrong:
        raise BadFields(wrong)
    today = timezone.localdate(moment)
    clock = clock_of(decision.call, rows)
    ends = last_day(clock, today)
    if ends is None:
        raise Conflict(_("时限没有规定天数，不能公示。"))
    earlier = decision.notices.filter(state=NoticeState.CANCELLED).order_by("-published_at").first()
    notice = Notice.objects.create(
        code=numbered("GS", "notice", moment),
        decision=decision,
        title=title.strip()[:300],
        text=text.strip(),
        contact=contact.strip()[:300],
        rows=rows,
        digest=digest(rows),
        days=ClockRule.objects.get(key=clock).days,
        starts_on=today,
        ends_on=ends,
        published_at=moment,
        follows=earlier,
    )
    if earlier is not None:
        earlier.state = NoticeState.RESTARTED
        earlier.save(update_fields=["state"])
    for application in _approved(decision):
        move(actor, application, "notice", now=moment)
    decision.state = DecisionState.NOTICED
    decision.save(update_fields=["state"])
    log(actor, office.NOTICED, notice, after={"ends_on": ends, "rows": len(rows), "digest": notice.digest})
    return notice


def digest(rows: list[dict[str, Any]]) -> str:
    """Return the fingerprint of published rows."""
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _approved(decision: DecisionList) -> list[Application]:
    rows = Application.objects.for_system(office.WHY).filter(
        decision__decision=decision, decision__outcome=Outcome.APPROVE
    )
    return list(rows.select_related("call", "applicant").select_for_update(of=("self",)))


@transaction.atomic
def take_down(actor: Viewer, *, pk: int, reason: str, now: dt.datetime | None = None) -> Notice:
    """Take a notice down so that the decision can be changed; publishing it again starts the time anew."""
    moment = now or timezone.now()
    decision = office.decision_locked(actor, pk)
    said = needed(reason, _("请写明撤下公示的理由，公示页面会注明。"))
    notice = running(decision)
    if notice is None or decision.state not in (DecisionState.NOTICED, DecisionState.READY):
        raise Conflict(_("该决定现在是“%(state)s”，没有可撤下的公示。") % {"state": decision.get_state_display()})
    before = notice.state
    notice.state = NoticeState.CANCELLED
    why = _("已于%(day)s撤下：") % {"day": timezone.localdate(moment)} + said
    notice.text = f"{notice.text}\n{why}".strip()
    notice.save(update_fields=["state", "text"])
    for application in _approved(decision):
        move(actor, application, "take_down", now=moment)
    decision.state = DecisionState.PREPARED
    decision.save(update_fields=["state"])
    log(actor, office.NOTICE_DOWN, notice, before={"state": before}, after={"state": notice.state}, reason=said)
    return notice


def running(decision: DecisionList) -> Notice | None:
    """Return the notice of a decision that holds now: running, held or ended."""
    return decision.notices.filter(state__in=(*SHOWN, NoticeState.ENDED)).order_by("-published_at").first()


def unanswered(decision: DecisionList) -> int:
    """Return how many objections to a decision, in any of its notices, wait for an answer."""
    rows = NoticeObjection.objects.for_system(office.WHY).filter(notice__decision=decision, state__in=UNANSWERED)
    return rows.count()


@transaction.atomic
def end_if_due(actor: Viewer, *, pk: int, today: dt.date, now: dt.datetime) -> None:
    """End a notice whose last day is over; hold it while objections are open. Harmless as often as it is called."""
    decision = cast(
        "DecisionList",
        DecisionList.objects.for_system(office.WHY).select_related("call").select_for_update(of=("self",)).get(pk=pk),
    )
    notice = running(decision)
    if decision.state != DecisionState.NOTICED or notice is None or notice.state not in SHOWN:
        return
    if today <= notice.ends_on:
        return
    if unanswered(decision):
        if notice.state != NoticeState.HELD:
            notice.state = NoticeState.HELD
            notice.save(update_fields=["state"])
        return
    before = notice.state
    notice.state = NoticeState.ENDED
    notice.save(update_fields=["state"])
    decision.state = DecisionState.READY
    decision.save(update_fields=["state"])
    task = NewTask(ANNOUNCE, decision.call.organiser_id, office.DECISION, str(decision.pk), decision.title)
    open_task(actor, task, now=now)
    log(actor, office.NOTICE_ENDED, notice, before={"state": before}, after={"state": notice.state})


def end_due(actor: Viewer, *, today: dt.date, now: dt.datetime) -> None:
    """End every notice whose last day is over."""
    due = Notice.objects.filter(state__in=SHOWN, ends_on__lt=today).values_list("decision", flat=True)
    for pk in sorted(set(due)):
        end_if_due(actor, pk=pk, today=today, now=now)


def log(actor: Viewer, action: RegisteredAction, notice: Notice, **content: Any) -> None:
    """Write the audit record of a step of a notice."""
    reason = str(content.pop("reason", ""))
    label = f"{notice.code} {notice.title}"
    audit.record(actor, action, kind=office.NOTICE, key=notice.code, label=label, reason=reason, **content)
