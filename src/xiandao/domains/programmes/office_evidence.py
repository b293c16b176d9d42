"""Files of the office: the report of a review, what was seen on the spot, what belongs to an objection."""

from django.utils.translation import gettext_lazy as _

from xiandao.domains.files.registry import HolderKind, register_holder
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import ALLOWED, Answer, refuse
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.programmes import office
from xiandao.domains.programmes.actions.noticing import UNANSWERED
from xiandao.domains.programmes.actions.reviewing import REPORT
from xiandao.domains.programmes.models import Call, CallState, NoticeObjection, SiteCheck

SITE = "programmes.site_check"
OBJECTION = "programmes.notice_objection"


def _call(viewer: Viewer, key: str) -> Call | None:
    return Call.objects.visible_to(viewer).filter(code=key).first()


def _sees_report(viewer: Viewer, key: str) -> bool:
    """The organiser and who reads all applications; a report says what nobody else may know."""
    call = _call(viewer, key)
    return call is not None and (bool(office.may_run(viewer, call)) or viewer.can(Can.READ_APPLICATIONS))


def _may_report(viewer: Viewer, key: str) -> Answer:
    call = _call(viewer, key)
    if call is None:
        return refuse(_("没有找到申报通知。"))
    if call.state in (CallState.FINISHED, CallState.CANCELLED):
        return refuse(_("申报通知已经办结，评审报告不再改动。"))
    return office.may_run(viewer, call)


def _site(key: str) -> SiteCheck | None:
    if not (key.isascii() and key.isdecimal() and len(key) < 19):  # noqa: PLR2004 — 64 bits
        return None
    return SiteCheck.objects.select_related("application__call").filter(pk=int(key)).first()


def _sees_site(viewer: Viewer, key: str) -> bool:
    check = _site(key)
    return check is not None and _sees_report(viewer, check.application.call.code)


def _may_site(viewer: Viewer, key: str) -> Answer:
    check = _site(key)
    return office.may_run(viewer, check.application.call) if check else refuse(_("没有找到考察记录。"))


def _sees_objection(viewer: Viewer, key: str) -> bool:
    return viewer.is_system or NoticeObjection.objects.visible_to(viewer).filter(code=key).exists()


def _may_objection(viewer: Viewer, key: str) -> Answer:
    rows = NoticeObjection.objects.for_system("who may change is asked below").select_related("notice__decision__call")
    objection = rows.filter(code=key).first()
    if objection is None:
        return refuse(_("没有找到异议。"))
    if objection.state not in UNANSWERED:
        return refuse(_("异议已经办结，材料不再改动。"))
    return ALLOWED if viewer.is_system else office.may_run(viewer, objection.notice.decision.call)


register_holder(HolderKind(REPORT, _("评审报告"), _sees_report, _may_report))
register_holder(HolderKind(SITE, _("现场考察材料"), _sees_site, _may_site))
register_holder(HolderKind(OBJECTION, _("公示异议材料"), _sees_objection, _may_objection))
