"""Applications by their applicant: begun, written, handed in, corrected, taken back."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.audit.registry import register
from xiandao.domains.inbox.actions import clear_tasks, withdraw_tasks
from xiandao.domains.industries.models import Industry
from xiandao.domains.orgs.models import Organisation, OrganisationKind
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.programmes import life
from xiandao.domains.programmes.actions.calls import is_open
from xiandao.domains.programmes.actions.common import APPLICATION, WHY, BadFields
from xiandao.domains.programmes.actions.desk import check, locked, recommender_of, record
from xiandao.domains.programmes.actions.prefill import first_content
from xiandao.domains.programmes.forms import Checked, Clash, Data, form_of, merge, tidy
from xiandao.domains.programmes.kinds.applying import AGREE, CORRECT
from xiandao.domains.programmes.models import (
    Application,
    ApplicationEvent,
    ApplicationState,
    Call,
    Need,
    NeedState,
)
from xiandao.domains.programmes.rules import correction_over, editable_fields, is_late, may_apply, may_write
from xiandao.domains.programmes.signals import application_gone, application_submitted
from xiandao.domains.progress.clocks import last_day
from xiandao.domains.progress.models import Sequence

BEGUN = register("programmes.application_begun", gettext_lazy("申报：开始填写"))
SAVED = register("programmes.application_saved", gettext_lazy("申报：保存"))
SUBMITTED = register("programmes.application_submitted", gettext_lazy("申报：提交"))
CORRECTED = register("programmes.application_corrected", gettext_lazy("申报：补正后提交"))
WITHDRAWN = register("programmes.application_withdrawn", gettext_lazy("申报：撤回"))
FORMAL_CHECK = "application.formal_check"
_ENDED = (ApplicationState.WITHDRAWN, ApplicationState.LAPSED)


class Changed(Conflict):
    """A colleague has written the same fields meanwhile. Nothing was saved; `clashes` are for the actor to decide."""

    def __init__(self, revision: int, theirs: Data, clashes: list[Clash], merged: Data) -> None:
        super().__init__(_("同事刚刚也修改了这份申报，请选择各处保留谁的内容。"))
        self.revision, self.theirs, self.clashes, self.merged = revision, theirs, clashes, merged


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving did: the application, whether a colleague's changes came in, whether anything changed."""

    application: Application
    merged: bool = False
    changed: bool = True


@transaction.atomic
def start_application(
    actor: Viewer, *, call_code: str, need_code: str = "", now: dt.datetime | None = None
) -> Application:
    """Begin an application to an open call, with what is known filled in; one that is begun already is returned.

    Raises Call.DoesNotExist, Refused for who may not apply, Conflict where the call takes none.
    """
    moment = now or timezone.now()
    call = Call.objects.visible_to(actor).select_related("version__programme").get(code=call_code)
    may_apply(actor, call).require()
    if not is_open(call, moment):
        raise Conflict(_("该通知现在不受理申报：%(why)s") % {"why": _why_closed(call, moment)})
    body = Organisation.objects.select_for_update().get(pk=actor.organisation_id or 0)
    allowed = call.version.definition["applicants"]
    if body.kind not in allowed:
        kinds = "、".join(str(OrganisationKind(kind).label) for kind in allowed)
        raise Refused(
            _("该专项由%(kinds)s申报，贵单位登记为%(kind)s。") % {"kinds": kinds, "kind": body.get_kind_display()}
        )
    need = _need(call, need_code)
    mine = Application.objects.for_system(WHY).filter(call=call, applicant=body, need=need).exclude(state__in=_ENDED)
    if earlier := mine.first():
        return earlier
    form = form_of(call.version)
    data, enterprise = first_content(actor, form)
    if need is not None and "item" in form.fields:
        data["item"] = need.code
    application: Application = Application.objects.create(
        code=f"{call.code}-{Sequence.take(f'application {call.pk}', 0):04}",
        call=call,
        need=need,
        applicant=body,
        enterprise=enterprise,
        data=data,
        is_demo=body.is_demo,
    )
    _event(actor, application, _("开始填写"), moment)
    record(actor, BEGUN, application, after={"call": call.code, "need": need.code if need else None})
    return application


def _why_closed(call: Call, moment: dt.datetime) -> str:
    if call.state != "published":
        return str(call.get_state_display())
    if moment < call.opens_at:
        return _("%(when)s 开始受理。") % {"when": timezone.localtime(call.opens_at).strftime("%Y-%m-%d %H:%M")}
    return _("%(when)s 已截止。") % {"when": timezone.localtime(call.closes_at).strftime("%Y-%m-%d %H:%M:%S")}


def _need(call: Call, code: str) -> Need | None:
    if not call.version.definition.get("needs"):
        return None
    if not code:
        raise Refused(_("请先在榜单里选定要揭榜的一项。"))
    need: Need | None = (
        Need.objects.for_system("listed needs are public").filter(code=code, call=call, state=NeedState.LISTED).first()
    )
    if need is None:
        raise Refused(_("榜单里没有“%(code)s”这一项。") % {"code": code})
    return need


@transaction.atomic
def save_application(
    actor: Viewer, *, code: str, revision: int, data: Data, base: Data | None = None, now: dt.datetime | None = None
) -> Saved:
    """Save what the form says. What a colleague saved since is merged in by field; where both wrote, raises Changed.

    While correcting, fields that were not returned keep what they had. Raises Application.DoesNotExist, Refused.
    """
    moment = now or timezone.now()
    application = locked(actor, code)
    may_write(actor, application).require()
    _require_time(application, moment)
    form, before = form_of(application.call.version), application.data
    allowed = editable_fields(application)
    mine = {key: value for key, value in tidy(form, data).items() if key in allowed}
    mine |= {key: value for key, value in before.items() if key not in allowed}
    together = False
    if revision != application.revision:
        mine, clashes = merge(before if base is None else tidy(form, base), mine, before)
        if base is None:
            clashes = [Clash(k, mine.get(k), before.get(k)) for k in form.fields if mine.get(k) != before.get(k)]
        if clashes:
            raise Changed(application.revision, before, clashes, mine)
        together = True
    if mine == before:
        return Saved(application, merged=together, changed=False)
    application.data = mine
    application.title = str(mine.get("title") or "")[:300]
    application.revision += 1
    application.save(update_fields=["data", "title", "revision"])
    changed = sorted(key for key in {*mine, *before} if mine.get(key) != before.get(key))
    record(actor, SAVED, application, after={"fields": changed, "revision": application.revision})
    return Saved(application, merged=together)


def _require_time(application: Application, moment: dt.datetime) -> None:
    call = application.call
    if application.state == ApplicationState.DRAFT and not is_open(call, moment):
        raise Conflict(_("该通知现在不受理申报：%(why)s") % {"why": _why_closed(call, moment)})
    if application.state == ApplicationState.CORRECTING and correction_over(application, moment):
        raise Conflict(_("补正期限 %(day)s 已过。") % {"day": application.due_on})


@transaction.atomic
def submit_application(actor: Viewer, *, code: str, now: dt.datetime | None = None) -> Application:
    """Hand an application in, or hand it in again corrected, by the server's clock. Doing it twice is doing it once.

    Raises Conflict when it is late, BadFields with every gap, Refused where a condition is not met.
    """
    moment = now or timezone.now()
    application = locked(actor, code)
    if application.state == ApplicationState.SUBMITTED and application.applicant_id == actor.organisation_id:
        return application
    may_write(actor, application).require()
    again = application.state == ApplicationState.CORRECTING
    if not again and is_late(application.call, moment):
        raise Conflict(
            _("没有提交：%(late)s服务器时间 %(now)s。")
            % {
                "late": _why_closed(application.call, moment),
                "now": timezone.localtime(moment).strftime("%Y-%m-%d %H:%M:%S"),
            }
        )
    _require_time(application, moment)
    checked = check(application, moment=moment)
    _require_complete(application, checked)
    _write_submitted(application, checked, moment, again=again)
    before = application.state
    life.move(actor, application, "correct" if again else "submit", now=moment)
    if again:
        application.findings.filter(settled=False).update(settled=True)
        clear_tasks(actor, kind=CORRECT, object_keys=[code], now=moment)
    application_submitted.send(sender=Application, actor=actor, application=application, now=moment, again=again)
    record(
        actor,
        CORRECTED if again else SUBMITTED,
        application,
        before={"state": before},
        after={"state": application.state, "at": moment, "unmet": [f.key for f in checked.barred]},
    )
    return application


def _require_complete(application: Application, checked: Checked) -> None:
    faults = [(gap.field, f"{gap.section} · {gap.label}：{gap.sentence}") for gap in checked.gaps]
    faults += [
        ("partners", _("合作单位“%(name)s”还没有在平台上同意。") % {"name": partner.name})
        for partner in application.partners.all()
        if partner.agreed_at is None
    ]
    if checked.values.get("place") and not recommender_of(application, checked.values["place"]):
        given = application.call.version.definition["recommendation"]
        if given["by"] == "city_counterpart":
            faults.append(("place", _("所在地没有对口的推荐单位，请核对所在地。")))
    faults += [
        (
            f"rule.{finding.key}",
            _("不符合申报条件：%(rule)s（%(source)s）") % {"rule": finding.message, "source": finding.source},
        )
        for finding in checked.barred
    ]
    if faults:
        raise BadFields(faults)


def _write_submitted(application: Application, checked: Checked, moment: dt.datetime, *, again: bool) -> None:
    values: dict[str, Any] = dict(checked.values)
    application.region_id = values.get("place")
    application.recommender = recommender_of(application, values.get("place"))
    application.asked = values.get("asked")
    application.title = str(application.data.get("title") or application.applicant.name)[:300]
    application.eligibility = [finding.plain() for finding in checked.findings]
    application.due_on = last_day(FORMAL_CHECK, timezone.localdate(moment))
    if not again:
        application.submitted_at = moment
    application.save(update_fields=["region", "recommender", "asked", "title", "eligibility", "due_on", "submitted_at"])
    codes = application.data.get("industries", [])
    application.industries.set(Industry.objects.filter(code__in=codes))


@transaction.atomic
def withdraw_application(actor: Viewer, *, code: str, reason: str = "", now: dt.datetime | None = None) -> Application:
    """Take an application back before it is reviewed. Raises Refused to others, Conflict when it is too late."""
    moment = now or timezone.now()
    application = locked(actor, code)
    if application.applicant_id != actor.organisation_id or not may_apply(actor, application.call):
        raise Refused(_("只有申报单位可以撤回。"))
    before = application.state
    life.move(actor, application, "withdraw", now=moment, text=reason)
    application.due_on = None
    application.save(update_fields=["due_on"])
    withdraw_tasks(actor, kind=CORRECT, object_keys=[code], now=moment)
    partners = [f"{code}|{pk}" for pk in application.partners.values_list("pk", flat=True)]
    withdraw_tasks(actor, kind=AGREE, object_keys=partners, now=moment)
    application_gone.send(sender=Application, actor=actor, application=application, now=moment)
    record(
        actor,
        WITHDRAWN,
        application,
        before={"state": before},
        after={"state": application.state},
        reason=reason.strip(),
    )
    return application


def _event(actor: Viewer, application: Application, what: str, moment: dt.datetime) -> None:
    ApplicationEvent.objects.create(
        application=application,
        state=application.state,
        what=what,
        at=moment,
        by=actor.name,
        user_id=actor.user_id,
        organisation_id=actor.organisation_id,
    )


__all__ = [
    "APPLICATION",
    "Changed",
    "Saved",
    "save_application",
    "start_application",
    "submit_application",
    "withdraw_application",
]
