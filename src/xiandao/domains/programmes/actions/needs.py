"""Needs of an open bid: raised by who has the problem, argued, given hard indicators, accepted or refused, listed."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import RegisteredAction, register
from xiandao.domains.industries.models import Industry
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import Organisation
from xiandao.domains.orgs.permission import ALLOWED, Answer, Conflict, Refused, refuse
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.programmes.actions.calls import may_run
from xiandao.domains.programmes.actions.common import NEED, WHY, BadFields, needed, numbered
from xiandao.domains.programmes.models import Call, CallState, Need, NeedEvent, NeedState, Programme

RAISED = register("programmes.need_raised", gettext_lazy("榜单需求：提出"))
CHANGED = register("programmes.need_changed", gettext_lazy("榜单需求：修改"))
ARGUED = register("programmes.need_argued", gettext_lazy("榜单需求：论证"))
ACCEPTED = register("programmes.need_accepted", gettext_lazy("榜单需求：拟发榜"))
REFUSED = register("programmes.need_refused", gettext_lazy("榜单需求：不采用"))
LISTED = register("programmes.need_listed", gettext_lazy("榜单需求：发榜"))
WITHDRAWN = register("programmes.need_withdrawn", gettext_lazy("榜单需求：撤回"))
COMPARATORS: Final = ("≥", "≤", "=", ">", "<")
_OPEN: Final = (NeedState.RAISED, NeedState.ARGUING)


@dataclass(frozen=True, slots=True)
class NeedContent:
    """What the demander writes."""

    title: str
    problem: str
    goals: str = ""
    industry: str = ""
    budget: Decimal | None = None
    own_share: Decimal | None = None
    property_terms: str = ""
    months: int | None = None


@dataclass(frozen=True, slots=True)
class Indicator:
    """A hard indicator: what is measured how, which value has to be reached, whether missing it ends the bid."""

    name: str
    unit: str
    comparator: str
    value: str
    method: str
    body: str = ""
    veto: bool = False


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one expert said of a need."""

    expert: str
    unit: str
    text: str
    agrees: bool


def may_raise(viewer: Viewer, programme: Programme) -> Answer:
    """Whether a viewer may raise a need in a programme: whoever may apply, and who runs calls (for the government)."""
    if not programme.versions.filter(current=True, definition__needs=True).exists() or not programme.in_force:
        return refuse(_("该专项不征集需求。"))
    if viewer.organisation_id is None or not viewer.can(Can.APPLY, Can.RUN_CALLS):
        return refuse(_("需求由企业、单位的申报经办人或组织申报的部门提出。"))
    return ALLOWED


@transaction.atomic
def raise_need(actor: Viewer, *, programme: Programme, content: NeedContent, now: dt.datetime | None = None) -> Need:
    """Raise a need. Raises Refused, BadFields with all that is missing."""
    moment = now or timezone.now()
    may_raise(actor, programme).require()
    values = _read(content)
    body = Organisation.objects.get(pk=actor.organisation_id or 0)
    need: Need = Need.objects.create(
        code=numbered("XQ", "need", timezone.localtime(moment), digits=4),
        programme=programme,
        demander=body,
        raised_at=moment,
        is_demo=body.is_demo,
        **values,
    )
    _event(actor, need, moment, "")
    _record(actor, RAISED, need, after={"title": need.title})
    return need


@transaction.atomic
def change_need(actor: Viewer, *, code: str, revision: int, content: NeedContent) -> Need:
    """Change a need of one's own until it is accepted. Raises Refused, Conflict, BadFields."""
    need = locked(actor, code)
    _require_demander(actor, need)
    _require_open(need)
    if revision != need.revision:
        raise Conflict(_("同事刚刚改过这项需求，请重新打开后再改。"))
    values = _read(content)
    changed = sorted(name for name, value in values.items() if getattr(need, name) != value)
    for name, value in values.items():
        setattr(need, name, value)
    need.revision += 1
    need.save()
    _record(actor, CHANGED, need, after={"fields": changed})
    return need


@transaction.atomic
def argue_need(
    actor: Viewer,
    *,
    code: str,
    opinions: Sequence[Opinion],
    indicators: Sequence[Indicator],
    minute: str = "",
    now: dt.datetime | None = None,
) -> Need:
    """Record what experts said and the hard indicators they settled. Raises BadFields, Refused, Conflict."""
    moment = now or timezone.now()
    need = locked(actor, code)
    may_run(actor, need.programme).require()
    _require_open(need)
    if need.demander_id == actor.organisation_id and not opinions:
        raise BadFields([("opinions", _("本单位提出的需求，须记录专家意见。"))])
    faults = _argument_faults(opinions, indicators)
    if faults:
        raise BadFields(faults)
    need.argument = {
        "opinions": [
            {"expert": o.expert.strip(), "unit": o.unit.strip(), "text": o.text.strip(), "agrees": o.agrees}
            for o in opinions
        ],
        "minute": minute.strip(),
    }
    need.indicators = [
        {
            "name": i.name.strip(),
            "unit": i.unit.strip(),
            "comparator": i.comparator,
            "value": i.value.strip(),
            "method": i.method.strip(),
            "body": i.body.strip(),
            "veto": i.veto,
        }
        for i in indicators
    ]
    need.state = NeedState.ARGUING
    need.revision += 1
    need.save()
    words = {"experts": len(opinions), "indicators": len(indicators)}
    _event(actor, need, moment, _("专家 %(experts)s 名，考核指标 %(indicators)s 项。") % words)
    _record(actor, ARGUED, need, after={"indicators": need.indicators, "opinions": len(opinions)})
    return need


def _argument_faults(opinions: Sequence[Opinion], indicators: Sequence[Indicator]) -> list[tuple[str, str]]:
    faults = []
    for number, opinion in enumerate(opinions, 1):
        if not (opinion.expert.strip() and opinion.unit.strip() and opinion.text.strip()):
            faults.append(("opinions", _("第 %(n)s 条专家意见：姓名、单位、意见都要填。") % {"n": number}))
    for number, one in enumerate(indicators, 1):
        if not (one.name.strip() and one.value.strip() and one.method.strip()):
            faults.append(("indicators", _("第 %(n)s 项指标：名称、数值、检测方法都要填。") % {"n": number}))
        if one.comparator not in COMPARATORS:
            faults.append(
                ("indicators", _("第 %(n)s 项指标：比较符请选 %(all)s。") % {"n": number, "all": " ".join(COMPARATORS)})
            )
    return faults


@transaction.atomic
def accept_need(actor: Viewer, *, code: str, text: str = "", now: dt.datetime | None = None) -> Need:
    """Accept an argued need for the list. Raises Conflict without opinions or without a hard indicator."""
    moment = now or timezone.now()
    need = locked(actor, code)
    may_run(actor, need.programme).require()
    if need.state != NeedState.ARGUING:
        raise Conflict(_("先记录专家论证和考核指标，再决定是否发榜。"))
    if not need.argument.get("opinions"):
        raise Conflict(_("还没有专家意见，不能采用。"))
    if not any(indicator["veto"] for indicator in need.indicators):
        raise Conflict(_("至少要有一项否决性的硬指标：不达到即不算揭榜成功。"))
    return _step(actor, need, NeedState.ACCEPTED, ACCEPTED, moment=moment, text=text)


@transaction.atomic
def refuse_need(actor: Viewer, *, code: str, reason: str, now: dt.datetime | None = None) -> Need:
    """Not take a need up, with a reason its demander reads. Raises Refused, Conflict, BadFields."""
    need = locked(actor, code)
    may_run(actor, need.programme).require()
    if need.state not in (*_OPEN, NeedState.ACCEPTED):
        raise Conflict(_("该需求现在是“%(state)s”，不能再办理。") % {"state": need.get_state_display()})
    why = needed(reason, _("请写明不采用的理由，需求方会看到。"))
    return _step(actor, need, NeedState.REFUSED, REFUSED, moment=now or timezone.now(), text=why)


@transaction.atomic
def list_need(actor: Viewer, *, code: str, call_code: str, now: dt.datetime | None = None) -> Need:
    """Put an accepted need on the list of a call: what it says is public from then on. Raises Refused, Conflict."""
    need = locked(actor, code)
    may_run(actor, need.programme).require()
    if need.state != NeedState.ACCEPTED:
        raise Conflict(_("只有“拟发榜”的需求可以列入榜单。"))
    call = Call.objects.visible_to(actor).filter(code=call_code, version__programme=need.programme).first()
    if call is None or call.organiser_id != actor.organisation_id:
        raise Refused(_("请选择本单位在该专项下的申报通知。"))
    if call.state not in (CallState.DRAFT, CallState.PUBLISHED):
        raise Conflict(_("该通知已经%(state)s，不能再列入。") % {"state": call.get_state_display()})
    need.call = call
    return _step(actor, need, NeedState.LISTED, LISTED, moment=now or timezone.now(), text=call.title)


@transaction.atomic
def withdraw_need(actor: Viewer, *, code: str, reason: str = "", now: dt.datetime | None = None) -> Need:
    """Take one's own need back before it is listed. Raises Refused, Conflict."""
    need = locked(actor, code)
    _require_demander(actor, need)
    if need.state not in (*_OPEN, NeedState.ACCEPTED):
        raise Conflict(_("该需求现在是“%(state)s”，不能撤回。") % {"state": need.get_state_display()})
    return _step(actor, need, NeedState.WITHDRAWN, WITHDRAWN, moment=now or timezone.now(), text=reason)


def locked(actor: Viewer, code: str) -> Need:
    """Return a need the actor sees, locked until the transaction ends. Raises Need.DoesNotExist."""
    visible = Need.objects.visible_to(actor).filter(code=code).values_list("pk", flat=True)
    rows = Need.objects.for_system(WHY).select_related("programme__lead", "demander")
    need: Need = rows.select_for_update(of=("self",)).get(pk__in=list(visible))
    return need


def _step(
    actor: Viewer,
    need: Need,
    state: NeedState,
    action: RegisteredAction,
    *,
    moment: dt.datetime,
    text: str,
) -> Need:
    before = need.state
    need.state = state
    need.revision += 1
    need.save()
    _event(actor, need, moment, text)
    _record(actor, action, need, before={"state": before}, after={"state": need.state}, reason=text.strip())
    return need


def _require_demander(actor: Viewer, need: Need) -> None:
    if need.demander_id != actor.organisation_id or not actor.can(Can.APPLY, Can.RUN_CALLS):
        raise Refused(_("只有提出需求的单位可以办理。"))


def _require_open(need: Need) -> None:
    if need.state not in _OPEN:
        raise Conflict(_("该需求现在是“%(state)s”，不能改动。") % {"state": need.get_state_display()})


def _read(content: NeedContent) -> dict[str, Any]:
    faults: list[tuple[str, str]] = []
    if not content.title.strip():
        faults.append(("title", _("请填写需求名称。")))
    if not content.problem.strip():
        faults.append(("problem", _("请写明要解决的问题。")))
    industry = Industry.objects.filter(code=content.industry).first() if content.industry else None
    if content.industry and industry is None:
        faults.append(("industry", _("没有这个产业。")))
    if content.own_share is not None and not 0 <= content.own_share <= 1:
        faults.append(("own_share", _("自筹比例在 0 到 100% 之间。")))
    if faults:
        raise BadFields(faults)
    return {
        "title": content.title.strip()[:200],
        "problem": content.problem.strip(),
        "goals": content.goals.strip(),
        "industry": industry,
        "budget": content.budget,
        "own_share": content.own_share,
        "property_terms": content.property_terms.strip(),
        "months": content.months,
    }


def _event(actor: Viewer, need: Need, moment: dt.datetime, text: str) -> None:
    NeedEvent.objects.create(
        need=need,
        state=need.state,
        at=moment,
        by=actor.name,
        organisation_id=actor.organisation_id,
        text=text.strip(),
    )


def _record(actor: Viewer, action: RegisteredAction, need: Need, **content: Any) -> None:
    audit.record(actor, action, kind=NEED, key=need.code, label=f"{need.code} {need.title}"[:300], **content)
