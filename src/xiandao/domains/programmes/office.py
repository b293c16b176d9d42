"""What the steps of the office share: who may take them, the locked rows, the audit actions."""

import datetime as dt
from typing import Any, cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import RegisteredAction, name_kind, register
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import ALLOWED, Answer, Conflict, Refused, refuse
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.programmes.models import Application, Call, CallState, DecisionList

APPLICATION, CALL, DECISION = "application", "call", "decision_list"
NOTICE, OBJECTION, CERTIFICATE = "notice", "notice_objection", "certificate"
name_kind(APPLICATION, pgettext_lazy("application", "申报"))
name_kind(CALL, gettext_lazy("申报通知"))
name_kind(DECISION, gettext_lazy("决定"))
name_kind(NOTICE, gettext_lazy("公示"))
name_kind(OBJECTION, gettext_lazy("公示异议"))
name_kind(CERTIFICATE, gettext_lazy("证书"))

PASSED = register("programmes.check_passed", gettext_lazy("申报：形式审查通过"))
RETURNED = register("programmes.check_returned", gettext_lazy("申报：退回补正"))
UNFIT = register("programmes.check_failed", gettext_lazy("申报：形式审查不通过"))
LAPSED = register("programmes.correction_lapsed", gettext_lazy("申报：逾期未补正"))
RECOMMENDED = register("programmes.recommended", gettext_lazy("申报：推荐"))
NOT_RECOMMENDED = register("programmes.not_recommended", gettext_lazy("申报：不推荐"))
REVIEWED = register("programmes.review_recorded", gettext_lazy("申报：登记评审结论"))
SITE_CHECKED = register("programmes.site_checked", gettext_lazy("申报：登记现场考察"))
PREPARED = register("programmes.decision_prepared", gettext_lazy("决定：建立"))
ROW_SET = register("programmes.decision_row_set", gettext_lazy("决定：拟定一项"))
NOTICED = register("programmes.noticed", gettext_lazy("公示：发布"))
NOTICE_ENDED = register("programmes.notice_ended", gettext_lazy("公示：期满"))
NOTICE_DOWN = register("programmes.notice_taken_down", gettext_lazy("公示：撤下"))
OBJECTED = register("programmes.objection_received", gettext_lazy("公示异议：收到"))
OBJECTION_ACCEPTED = register("programmes.objection_accepted", gettext_lazy("公示异议：受理"))
OBJECTION_REFUSED = register("programmes.objection_refused", gettext_lazy("公示异议：不予受理"))
OBJECTION_EXTENDED = register("programmes.objection_extended", gettext_lazy("公示异议：延长办理"))
OBJECTION_ANSWERED = register("programmes.objection_answered", gettext_lazy("公示异议：答复"))
ANNOUNCED = register("programmes.announced", gettext_lazy("决定：公布"))
REVOKED = register("programmes.certificate_revoked", gettext_lazy("证书：撤销"))
WHY = "the action has checked who acts"


def may_run(viewer: Viewer, call: Call) -> Answer:
    """Whether a viewer runs a call: the clerks of its organiser, and nobody else."""
    if not viewer.can(Can.RUN_CALLS):
        return refuse(_("您的岗位不能组织申报。"))
    if viewer.organisation_id is None or call.organiser_id != viewer.organisation_id:
        return refuse(_("只有组织单位可以办理。"))
    return ALLOWED


def may_recommend(viewer: Viewer, application: Application) -> Answer:
    """Whether a viewer recommends an application: the clerks of the body it lies with."""
    if not viewer.can(Can.RECOMMEND):
        return refuse(_("您的岗位不能推荐申报。"))
    if viewer.organisation_id is None or application.recommender_id != viewer.organisation_id:
        return refuse(_("该申报不由贵单位推荐。"))
    return ALLOWED


def locked(actor: Viewer, code: str) -> Application:
    """Return an application locked until the transaction ends. Raises Application.DoesNotExist where it is not seen."""
    seen = Application.objects.visible_to(actor).filter(code=code).values_list("pk", flat=True)
    rows = Application.objects.for_system(WHY).select_related("call__version", "applicant", "recommender")
    return cast("Application", rows.select_for_update(of=("self",)).get(pk__in=list(seen)))


def run_locked(actor: Viewer, code: str) -> Application:
    """Return an application locked, for its organiser alone; nobody decides about what it applied for itself."""
    application = locked(actor, code)
    may_run(actor, application.call).require()
    require_other(actor, application)
    if application.call.state in (CallState.CANCELLED, CallState.FINISHED):
        raise Conflict(_("申报通知%(state)s，不再办理。") % {"state": application.call.get_state_display()})
    return application


def require_other(actor: Viewer, application: Application) -> None:
    """Raise Refused where an application is the actor's own organisation's."""
    if application.applicant_id == actor.organisation_id:
        raise Refused(_("不能办理本单位的申报。"))


def decision_locked(actor: Viewer, pk: int) -> DecisionList:
    """Return a decision locked, for the organiser. Raises DecisionList.DoesNotExist where it is not seen."""
    seen = DecisionList.objects.visible_to(actor).filter(pk=pk).values_list("pk", flat=True)
    rows = DecisionList.objects.for_system(WHY).select_related("call__version__programme", "call__organiser")
    decision = cast("DecisionList", rows.select_for_update(of=("self",)).get(pk__in=list(seen)))
    may_run(actor, decision.call).require()
    return decision


def record(actor: Viewer, action: RegisteredAction, application: Application, **content: Any) -> None:
    """Write the audit record of a step of one application."""
    reason = str(content.pop("reason", ""))
    label = f"{application.code} {application.applicant.name}"
    audit.record(actor, action, kind=APPLICATION, key=application.code, label=label, reason=reason, **content)


def plus_months(day: dt.date, months: int) -> dt.date:
    """Return the same day so many months later, the last of the month where it has none."""
    year, month = divmod(day.month - 1 + months, 12)
    first = dt.date(day.year + year, month + 1, 1)
    after = dt.date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return min(first + dt.timedelta(days=day.day - 1), after - dt.timedelta(days=1))
