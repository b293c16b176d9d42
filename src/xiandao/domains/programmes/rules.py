"""Who may do what with an application, and which of its fields may be changed now."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import ALLOWED, Answer, refuse
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.programmes.forms import form_of
from xiandao.domains.programmes.life import told_state
from xiandao.domains.programmes.models import Application, ApplicationState, Call, CheckFinding


def may_apply(viewer: Viewer, call: Call) -> Answer:
    """Whether a viewer's organisation is of a kind that may apply to a call at all."""
    if not viewer.can(Can.APPLY) or viewer.organisation_id is None:
        return refuse(_("申报由申报单位的经办人办理，您的岗位不能申报。"))
    if call.organiser_id == viewer.organisation_id:
        return refuse(_("不能向本单位组织的申报通知申报。"))
    return ALLOWED


def may_write(viewer: Viewer, application: Application) -> Answer:
    """Whether a viewer may write an application now: its applicant, in a state that allows it."""
    if not viewer.can(Can.APPLY) or application.applicant_id != viewer.organisation_id:
        return refuse(_("只有申报单位可以填写。"))
    if application.state not in (ApplicationState.DRAFT, ApplicationState.CORRECTING):
        told = told_state(application.state)
        return refuse(_("该申报现在是“%(state)s”，不能改动。") % {"state": told.label})
    return ALLOWED


def knows_outcome(viewer: Viewer, application: Application) -> bool:
    """Whether a viewer may know what is proposed before the announcement: the organiser and who reads everything.

    Not its applicant, its partners or its recommender, and an organiser not of what it applied for itself.
    """
    if viewer.can(Can.READ_APPLICATIONS):
        return True
    own = viewer.organisation_id
    return viewer.can(Can.RUN_CALLS) and application.call.organiser_id == own and application.applicant_id != own


def is_late(call: Call, moment: dt.datetime) -> bool:
    """Whether a call's last second is over."""
    return moment.replace(microsecond=0) > call.closes_at.replace(microsecond=0)


def correction_over(application: Application, moment: dt.datetime) -> bool:
    """Whether the last day to correct is over."""
    return application.due_on is not None and timezone.localdate(moment) > application.due_on


def open_findings(application: Application) -> list[CheckFinding]:
    """Return what was asked to be corrected and is not yet."""
    return [finding for finding in application.findings.all() if not finding.settled]


def editable_fields(application: Application) -> set[str]:
    """Return the fields that may be changed now: all of a draft; while correcting those that were returned.

    A finding that names no field opens the whole form: nobody can tell where it has to be put right.
    """
    fields = set(form_of(application.call.version).fields)
    if application.state == ApplicationState.DRAFT:
        return fields
    if application.state != ApplicationState.CORRECTING:
        return set()
    named = {finding.field for finding in open_findings(application)}
    return fields if "" in named or not named & fields else named & fields
