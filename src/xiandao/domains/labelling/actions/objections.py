"""Objections (异议): raised by an enterprise to its own classification, answered within the time limit, withdrawn."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import RegisteredAction, register
from xiandao.domains.enterprises.models import Classification, Enterprise, EnterpriseRole
from xiandao.domains.inbox.actions import NewTask, clear_tasks, open_task, withdraw_tasks
from xiandao.domains.inbox.calendar import work_calendar
from xiandao.domains.inbox.models import ClockRule
from xiandao.domains.industries.models import Industry
from xiandao.domains.labelling import kinds
from xiandao.domains.labelling.actions.labels import Finding, current_run, give_label
from xiandao.domains.labelling.actions.tasks import coordinator
from xiandao.domains.labelling.models import LabelSource, Objection, ObjectionEvent, ObjectionNumber, ObjectionState
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import ALLOWED, Answer, Conflict, Refused, refuse
from xiandao.domains.orgs.viewer import Viewer
from xiandao.kernel.deadline import DeadlineClock

RAISED = register("labelling.objection_raised", gettext_lazy("企业异议：提出"))
ANSWERED = register("labelling.objection_answered", gettext_lazy("企业异议：答复"))
WITHDRAWN = register("labelling.objection_withdrawn", gettext_lazy("企业异议：撤回"))
RULE = "labelling.objection"
LONGEST = 5_000
ANSWERS = (ObjectionState.UPHELD, ObjectionState.PARTLY, ObjectionState.DISMISSED)
_WHY = "the action has checked who acts"


@dataclass(frozen=True, slots=True)
class Verdict:
    """How an objection is answered. `role` is the role found where it is upheld in part; "" for none."""

    state: ObjectionState
    text: str
    role: str = ""


def holding_role(enterprise: Enterprise, industry: str) -> str:
    """Return the role by which an enterprise counts in an industry as it holds now; "" where it does not count."""
    run = current_run()
    row = Classification.objects.for_system(_WHY).filter(run=run, enterprise=enterprise, industry=industry).first()
    return row.role if row is not None and row.decision == "in" else ""


def may_object(viewer: Viewer, enterprise: Enterprise) -> Answer:
    """Whether a viewer may object in the name of an enterprise, and if not why."""
    if not viewer.can(Can.OBJECT_CLASSIFICATION):
        return refuse(_("您的岗位不能提出异议。"))
    if viewer.organisation_id is None or enterprise.organisation_id != viewer.organisation_id:
        return refuse(_("只能就本单位的识别结果提出异议。"))
    return ALLOWED


@transaction.atomic
def raise_objection(
    actor: Viewer,
    *,
    enterprise: Enterprise,
    industry: Industry,
    asked_role: str,
    text: str,
    now: dt.datetime | None = None,
) -> Objection:
    """Object to how one's own enterprise is classified in an industry: it gets a number and has to be answered in time.

    Raises Refused without the right, without words, or for what holds already; Conflict where one is open.
    """
    moment = now or timezone.now()
    may_object(actor, enterprise).require()
    if asked_role not in {"", *EnterpriseRole.values}:
        raise Refused(_("“%(role)s”不是角色：请选核心、服务、贸易、提及或不属于。") % {"role": asked_role})
    if not text.strip():
        raise Refused(_("请写明理由：本单位从事什么、依据是什么。"))
    Enterprise.objects.for_system(_WHY).select_for_update().get(pk=enterprise.pk)
    open_ = Objection.objects.for_system(_WHY).filter(
        enterprise=enterprise, industry=industry, state=ObjectionState.RAISED
    )
    if earlier := open_.first():
        raise Conflict(
            _("就该产业已经提出异议 %(code)s，正在办理：可以在其中补充材料，或撤回后重新提出。")
            % {"code": earlier.code}
        )
    if asked_role == holding_role(enterprise, industry.code):
        raise Refused(_("现在的识别结果就是这样，无须提出异议。"))
    today = timezone.localdate(moment)
    objection: Objection = Objection.objects.create(
        code=f"YY{today.year}-{ObjectionNumber.take(today.year):04}",
        enterprise=enterprise,
        industry=industry,
        raised_by_id=actor.organisation_id,
        asked_role=asked_role,
        text=text.strip()[:LONGEST],
        raised_at=moment,
        due_on=DeadlineClock(ClockRule.objects.get(key=RULE).rule(), today).due(work_calendar()).date,
        is_demo=enterprise.is_demo,
    )
    subject = f"{objection.code} {enterprise.name}"
    new = NewTask(kinds.ANSWER, coordinator().pk, kinds.OBJECTION, objection.code, subject, rule=RULE)
    open_task(actor, new, now=moment)
    _event(actor, objection, moment, objection.text)
    _record(
        actor, RAISED, objection, after={"industry": industry.code, "asked_role": asked_role, "text": objection.text}
    )
    return objection


def locked(actor: Viewer, code: str) -> Objection:
    """Return an objection locked until the transaction ends. Raises Objection.DoesNotExist where it may not be seen."""
    visible = Objection.objects.visible_to(actor).filter(code=code).values_list("pk", flat=True)
    rows = Objection.objects.for_system(_WHY).select_related("enterprise", "industry")
    found: Objection = rows.select_for_update(of=("self",)).get(pk__in=list(visible))
    return found


@transaction.atomic
def answer_objection(actor: Viewer, *, code: str, verdict: Verdict, now: dt.datetime | None = None) -> Objection:
    """Answer an objection with reasons; upheld wholly or in part it changes the label and the result.

    Raises Refused without the right, reasons or a fitting role, Conflict where it is answered or withdrawn.
    """
    moment = now or timezone.now()
    objection = locked(actor, code)
    if not actor.can(Can.SETTLE_REVIEWS):
        raise Refused(_("您的岗位不能答复企业异议。"))
    if objection.raised_by_id == actor.organisation_id:
        raise Refused(_("不能答复本单位提出的异议。"))
    _open(objection)
    role = _role(objection, verdict)
    objection.state, objection.answered_role = verdict.state, role
    objection.answer, objection.answered_at = verdict.text.strip()[:LONGEST], moment
    objection.save()
    clear_tasks(actor, kind=kinds.ANSWER, object_keys=[code], now=moment)
    notice = NewTask(
        kinds.READ, objection.raised_by_id, kinds.OBJECTION, code, f"{code} {objection.get_state_display()}"
    )
    open_task(actor, notice, now=moment)
    _event(actor, objection, moment, objection.answer)
    _record(
        actor,
        ANSWERED,
        objection,
        before={
            "state": ObjectionState.RAISED.value,
            "role": holding_role(objection.enterprise, objection.industry_id),
        },
        after={"state": objection.state, "role": role},
        reason=objection.answer,
    )
    if verdict.state != ObjectionState.DISMISSED:
        roles = {objection.industry_id: role} if role else {}
        finding = Finding(
            roles, LabelSource.OBJECTION, about=(objection.industry_id,), reason=f"{code} {objection.answer}"
        )
        give_label(actor, objection.enterprise, finding, moment=moment)
    return objection


def _role(objection: Objection, verdict: Verdict) -> str:
    """Return the role that holds after the answer. Raises Refused where the answer does not fit the objection."""
    if verdict.state not in ANSWERS:
        raise Refused(_("请选择采纳、部分采纳或不采纳。"))
    if not verdict.text.strip():
        raise Refused(_("请写明答复的理由：企业会收到这段文字。"))
    holds = holding_role(objection.enterprise, objection.industry_id)
    if verdict.state == ObjectionState.UPHELD:
        return objection.asked_role
    if verdict.state == ObjectionState.DISMISSED:
        return holds
    if verdict.role not in {"", *EnterpriseRole.values} or verdict.role in {objection.asked_role, holds}:
        raise Refused(_("部分采纳的，请选择与企业所请、与现在的结果都不同的角色；否则选采纳或不采纳。"))
    return verdict.role


@transaction.atomic
def withdraw_objection(actor: Viewer, *, code: str, text: str = "", now: dt.datetime | None = None) -> Objection:
    """Take one's objection back before it is answered. Raises Refused to anybody else, Conflict when it is over."""
    moment = now or timezone.now()
    objection = locked(actor, code)
    if not actor.can(Can.OBJECT_CLASSIFICATION) or objection.raised_by_id != actor.organisation_id:
        raise Refused(_("只有提出单位可以撤回。"))
    _open(objection)
    objection.state = ObjectionState.WITHDRAWN
    objection.save(update_fields=["state"])
    withdraw_tasks(actor, kind=kinds.ANSWER, object_keys=[code], now=moment)
    _event(actor, objection, moment, text)
    _record(
        actor,
        WITHDRAWN,
        objection,
        before={"state": ObjectionState.RAISED.value},
        after={"state": objection.state},
        reason=text.strip(),
    )
    return objection


@transaction.atomic
def mark_read(actor: Viewer, *, code: str, now: dt.datetime | None = None) -> None:
    """Clear the notice of an answer from the enterprise's inbox once it has read it."""
    objection = locked(actor, code)
    if objection.raised_by_id == actor.organisation_id and actor.can(Can.OBJECT_CLASSIFICATION):
        clear_tasks(actor, kind=kinds.READ, object_keys=[code], now=now or timezone.now())


def _open(objection: Objection) -> None:
    if objection.state != ObjectionState.RAISED:
        raise Conflict(_("该异议现在是“%(state)s”，不能再办理。") % {"state": objection.get_state_display()})


def _event(actor: Viewer, objection: Objection, moment: dt.datetime, text: str) -> None:
    ObjectionEvent.objects.create(
        objection=objection,
        state=objection.state,
        at=moment,
        by=actor.name,
        organisation_id=actor.organisation_id,
        text=text.strip()[:LONGEST],
    )


def _record(actor: Viewer, action: RegisteredAction, objection: Objection, **content: object) -> None:
    reason = str(content.pop("reason", ""))
    label = f"{objection.code} {objection.enterprise.name} {objection.industry.label}"
    audit.record(actor, action, kind=kinds.OBJECTION, key=objection.code, label=label, reason=reason, **content)
