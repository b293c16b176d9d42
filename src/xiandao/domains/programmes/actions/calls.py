"""Calls: drafted, published, prolonged with a reason, closed by the clock, cancelled with a reason."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import RegisteredAction, register
from xiandao.domains.inbox.models import ClockRule
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import Organisation
from xiandao.domains.orgs.permission import ALLOWED, Answer, Conflict, refuse
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.programmes import life
from xiandao.domains.programmes.actions.common import CALL, WHY, BadFields, needed, numbered
from xiandao.domains.programmes.models import (
    Application,
    ApplicationState,
    Call,
    CallState,
    Programme,
    ProgrammeVersion,
)
from xiandao.domains.programmes.signals import application_gone

DRAFTED = register("programmes.call_drafted", gettext_lazy("申报通知：起草"))
CHANGED = register("programmes.call_changed", gettext_lazy("申报通知：修改"))
PUBLISHED = register("programmes.call_published", gettext_lazy("申报通知：发布"))
PROLONGED = register("programmes.call_prolonged", gettext_lazy("申报通知：延长截止时间"))
CLOSED = register("programmes.call_closed", gettext_lazy("申报通知：截止"))
CANCELLED = register("programmes.call_cancelled", gettext_lazy("申报通知：取消"))
WINDOW = "call.window"


@dataclass(frozen=True, slots=True)
class CallContent:
    """What a call says."""

    title: str
    opens_at: dt.datetime | None
    closes_at: dt.datetime | None
    batch: str = ""
    number: str = ""
    text: str = ""
    contact: str = ""
    recommend_until: dt.datetime | None = None
    places: int | None = None
    budget: Decimal | None = None
    quotas: Mapping[str, int] = field(default_factory=dict)


def may_run(viewer: Viewer, programme: Programme) -> Answer:
    """Whether a viewer may run calls of a programme: the post allows it and the programme is its organisation's."""
    if not viewer.can(Can.RUN_CALLS):
        return refuse(_("您的岗位不能组织申报。"))
    if viewer.organisation_id is None or programme.lead_id != viewer.organisation_id:
        lead = programme.lead.label if programme.lead else "—"
        return refuse(_("“%(name)s”由%(lead)s组织申报。") % {"name": programme.label, "lead": lead})
    return ALLOWED


@transaction.atomic
def draft_call(actor: Viewer, *, programme: Programme, content: CallContent, now: dt.datetime | None = None) -> Call:
    """Begin a call of a programme in force. Raises Refused, BadFields for dates that cannot be."""
    moment = now or timezone.now()
    may_run(actor, programme).require()
    version = ProgrammeVersion.objects.filter(programme=programme, current=True).first()
    if version is None or not programme.in_force:
        raise Conflict(_("该专项已不在现行政策包内，不能发起新的申报。"))
    values = _read(content)
    call: Call = Call.objects.create(
        code=numbered("TZ", "call", timezone.localtime(moment)),
        version=version,
        organiser_id=actor.organisation_id,
        **values,
    )
    _record(actor, DRAFTED, call, after=_logged(values))
    return call


@transaction.atomic
def change_call(actor: Viewer, *, code: str, revision: int, content: CallContent) -> Call:
    """Change a call that is not published yet. Raises Conflict where it is, or where somebody changed it meanwhile."""
    call = locked(actor, code)
    if call.state != CallState.DRAFT:
        raise Conflict(_("通知已发布，不能改动内容；需要延长时间的，请用“延长截止时间”。"))
    if revision != call.revision:
        raise Conflict(_("别人刚刚改过这份通知，请重新打开后再改。"))
    values = _read(content)
    before = {name: getattr(call, name) for name in values}
    for name, value in values.items():
        setattr(call, name, value)
    call.revision += 1
    call.save()
    _record(actor, CHANGED, call, before=_logged(before), after=_logged(values))
    return call


@transaction.atomic
def publish_call(actor: Viewer, *, code: str, reason: str = "", now: dt.datetime | None = None) -> Call:
    """Publish a call; a window shorter than the rule needs a reason. Raises Refused, BadFields, Conflict."""
    moment = now or timezone.now()
    call = locked(actor, code)
    if call.state != CallState.DRAFT:
        raise Conflict(_("这份通知已经%(state)s。") % {"state": call.get_state_display()})
    if call.closes_at <= moment:
        raise BadFields([("closes_at", _("截止时间已过，请先改为以后的时间。"))])
    if not call.text.strip():
        raise BadFields([("text", _("请填写通知正文：申报人靠它知道怎么办。"))])
    if not call.contact.strip():
        raise BadFields([("contact", _("请填写联系方式。"))])
    least = window_days()
    begins = max(moment, call.opens_at)
    if least is not None and call.closes_at - begins < dt.timedelta(days=least):
        words = {"least": least, "days": (call.closes_at - begins).days}
        needed(
            reason,
            _("受理时间只有 %(days)s 天，少于平台默认的 %(least)s 天：确需缩短的，请写明理由。") % words,
        )
    call.state, call.published_at = CallState.PUBLISHED, moment
    call.revision += 1
    call.save(update_fields=["state", "published_at", "revision"])
    _record(
        actor, PUBLISHED, call, after={"closes_at": call.closes_at, "opens_at": call.opens_at}, reason=reason.strip()
    )
    return call


@transaction.atomic
def prolong_call(
    actor: Viewer, *, code: str, closes_at: dt.datetime, reason: str, now: dt.datetime | None = None
) -> Call:
    """Give a published call more time: only later, never earlier, and with a reason everybody reads."""
    moment = now or timezone.now()
    call = locked(actor, code)
    if call.state != CallState.PUBLISHED or call.closes_at <= moment:
        raise Conflict(_("只有还在受理的通知可以延长截止时间。"))
    why = needed(reason, _("请写明延长的理由，将公开显示。"))
    if closes_at <= call.closes_at:
        raise BadFields([("closes_at", _("截止时间只能向后延长，不能提前。"))])
    before = call.closes_at
    call.closes_at = closes_at
    if call.recommend_until is not None and call.recommend_until < closes_at:
        call.recommend_until = closes_at + (call.recommend_until - before)
    call.revision += 1
    call.save(update_fields=["closes_at", "recommend_until", "revision"])
    _record(actor, PROLONGED, call, before={"closes_at": before}, after={"closes_at": closes_at}, reason=why)
    return call


@transaction.atomic
def cancel_call(actor: Viewer, *, code: str, reason: str, now: dt.datetime | None = None) -> Call:
    """Cancel a call with a reason; what was handed in ends with it and its applicants are told why."""
    moment = now or timezone.now()
    call = locked(actor, code)
    if call.state not in (CallState.DRAFT, CallState.PUBLISHED, CallState.CLOSED):
        raise Conflict(_("这份通知已经%(state)s，不能取消。") % {"state": call.get_state_display()})
    why = needed(reason, _("请写明取消的理由，申报单位会看到。"))
    before = call.state
    call.state = CallState.CANCELLED
    call.revision += 1
    call.save(update_fields=["state", "revision"])
    rows = Application.objects.for_system(WHY).select_for_update().filter(call=call, state__in=list(life.OPEN))
    for application in rows:
        life.move(actor, application, "call_cancelled", now=moment, text=why)
        application_gone.send(sender=Application, actor=actor, application=application, now=moment)
    _record(actor, CANCELLED, call, before={"state": before}, after={"state": call.state}, reason=why)
    return call


def close_due(actor: Viewer, *, now: dt.datetime) -> int:
    """Close calls whose time is over, let unfinished drafts lapse, return how many calls. Twice is harmless.

    Nothing depends on it being prompt: whether an application is in time is asked of the server's clock.
    """
    codes = Call.objects.for_system("closing by the clock").filter(state=CallState.PUBLISHED, closes_at__lt=now)
    closed = 0
    for pk in list(codes.values_list("pk", flat=True)):
        closed += _close(actor, pk, now)
    return closed


@transaction.atomic
def _close(actor: Viewer, pk: int, now: dt.datetime) -> int:
    call = Call.objects.for_system(WHY).select_for_update().get(pk=pk)
    if call.state != CallState.PUBLISHED or call.closes_at >= now:
        return 0
    call.state = CallState.CLOSED
    call.revision += 1
    call.save(update_fields=["state", "revision"])
    rows = Application.objects.for_system(WHY).select_for_update()
    for application in rows.filter(call=call, state=ApplicationState.DRAFT):
        life.move(actor, application, "lapse_draft", now=now, text=_("截止前没有提交。"))
        application_gone.send(sender=Application, actor=actor, application=application, now=now)
    _record(actor, CLOSED, call, after={"closes_at": call.closes_at})
    return 1


def is_open(call: Call, moment: dt.datetime) -> bool:
    """Whether a call takes applications at a moment by the server's clock, the closing second included."""
    return (
        call.state == CallState.PUBLISHED
        and call.opens_at <= moment
        and moment.replace(microsecond=0) <= call.closes_at.replace(microsecond=0)
    )


def locked(actor: Viewer, code: str) -> Call:
    """Return a call of the actor's organisation locked. Raises Call.DoesNotExist, Refused where it is another's."""
    visible = Call.objects.visible_to(actor).filter(code=code).values_list("pk", flat=True)
    rows = Call.objects.for_system(WHY).select_related("version__programme__lead")
    call: Call = rows.select_for_update(of=("self",)).get(pk__in=list(visible))
    may_run(actor, call.version.programme).require()
    return call


def window_days() -> int | None:
    """Return how many days a call should at least take applications, by the pack's rule."""
    rule = ClockRule.objects.filter(key=WINDOW).first()
    return rule.rule().days if rule else None


def _read(content: CallContent) -> dict[str, Any]:
    """Return the values to write. Raises BadFields with everything that is wrong."""
    faults: list[tuple[str, str]] = []
    if not content.title.strip():
        faults.append(("title", _("请填写标题。")))
    if content.opens_at is None:
        faults.append(("opens_at", _("请填写开始受理的时间。")))
    if content.closes_at is None:
        faults.append(("closes_at", _("请填写截止时间。")))
    if content.opens_at and content.closes_at and content.closes_at <= content.opens_at:
        faults.append(("closes_at", _("截止时间应晚于开始受理的时间。")))
    if content.recommend_until and content.closes_at and content.recommend_until < content.closes_at:
        faults.append(("recommend_until", _("推荐截止不能早于申报截止。")))
    known = set(Organisation.objects.filter(code__in=content.quotas).values_list("code", flat=True)) | {"*"}
    words = _("没有代码为“%(code)s”的单位；其他各单位用 *。")
    faults += [("quotas", words % {"code": code}) for code in content.quotas if code not in known]
    if faults:
        raise BadFields(faults)
    return {
        "title": content.title.strip()[:300],
        "batch": content.batch.strip()[:40],
        "number": content.number.strip()[:100],
        "text": content.text.strip(),
        "contact": content.contact.strip()[:300],
        "opens_at": content.opens_at,
        "closes_at": content.closes_at,
        "recommend_until": content.recommend_until,
        "places": content.places,
        "budget": content.budget,
        "quotas": dict(content.quotas),
    }


def _logged(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, Decimal) else value for name, value in values.items()}


def _record(actor: Viewer, action: RegisteredAction, call: Call, **content: Any) -> None:
    audit.record(actor, action, kind=CALL, key=call.code, label=f"{call.code} {call.title}"[:300], **content)
