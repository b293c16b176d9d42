"""Who may fill, submit, verify and decide in reporting, and if not why. Pages, lists and actions all ask here.

A report is verified by the provincial bodies that lead its measure; a leading body's own report by the coordinator;
the coordinator's own by the other leading bodies, or where it leads alone by the first that helps. What a city handed
down is confirmed by the city first, its claims are then decided by the leading bodies. Nobody verifies her own.
"""

from collections.abc import Iterable

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import Organisation
from xiandao.domains.orgs.permission import ALLOWED, Answer, refuse
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.progress.models import (
    Assignment,
    AssignmentRole,
    Claim,
    ClaimState,
    Report,
    ReportState,
    RoundState,
)

_WHY = "who has which part in a measure decides who verifies"


def may_fill(viewer: Viewer, report: Report) -> Answer:
    """Whether the viewer may write this report now."""
    if not viewer.can(Can.REPORT):
        return refuse(_("您的岗位不能填写进展。"))
    if report.assignment.organisation_id != viewer.organisation_id:
        return refuse(_("只能填写本单位的进展。"))
    if report.assignment.ended_at is not None and report.state != ReportState.RETURNED:
        return refuse(_("这项责任已经结束，不再填报；退回的仍可补正。"))
    if report.round.state != RoundState.OPEN:
        return refuse(_("填报期已经关闭；需要补报的，请统筹协调单位重新开启。"))
    return ALLOWED


def may_submit(viewer: Viewer, report: Report) -> Answer:
    """Whether the viewer may submit this report, or take it back, now."""
    if not viewer.can(Can.SUBMIT):
        return refuse(_("您的岗位不能提交进展；请由本单位有提交权限的人提交。"))
    return may_fill(viewer, report)


def may_decide(viewer: Viewer, report: Report) -> Answer:
    """Whether the viewer may verify or return this report now."""
    if report.round.state != RoundState.OPEN:
        return refuse(_("填报期已经关闭；需要继续核实的，请统筹协调单位重新开启。"))
    if report.assignment.organisation_id == viewer.organisation_id:
        return refuse(_("不能核实本单位填报的进展。"))
    deciding = verifiers_of(report.assignment)
    if viewer.organisation_id not in deciding:
        return refuse(_("这份进展由%(who)s核实。") % {"who": names_of(deciding)})
    if not viewer.can(Can.HAND_DOWN if report.assignment.parent_id else Can.VERIFY):
        return refuse(_("您的岗位不能核实进展。"))
    return ALLOWED


def may_decide_claims(viewer: Viewer, report: Report) -> Answer:
    """Whether the viewer may decide the claims of this report now; for most reports the same as verifying it."""
    if not report.assignment.parent_id:
        return may_decide(viewer, report)
    if report.round.state != RoundState.OPEN:
        return refuse(_("填报期已经关闭；需要继续核实的，请统筹协调单位重新开启。"))
    if not viewer.can(Can.VERIFY):
        return refuse(_("您的岗位不能核实成果。"))
    deciding = claim_verifiers_of(report.assignment)
    if viewer.organisation_id not in deciding:
        return refuse(_("申报的成果由%(who)s核实。") % {"who": names_of(deciding)})
    return ALLOWED


def may_reopen(viewer: Viewer, report: Report) -> Answer:
    """Whether the viewer may open a verified report again: who verified it, or who steers."""
    if report.round.state != RoundState.OPEN:
        return refuse(_("填报期已经关闭；请先重新开启填报期。"))
    if viewer.can(Can.STEER):
        return ALLOWED
    return may_decide(viewer, report)


def verifiers_of(assignment: Assignment) -> list[int]:
    """Return the organisations that may verify the reports of a duty."""
    if assignment.parent is not None:
        return [assignment.parent.organisation_id]
    return claim_verifiers_of(assignment)


def claim_verifiers_of(assignment: Assignment) -> list[int]:
    """Return the organisations that may decide what a duty claims."""
    parts = list(
        _provincial_parts()
        .filter(plan=assignment.plan_id, measure_key=assignment.measure_key)
        .order_by("organisation__order", "organisation")
        .values_list("organisation_id", "role")
    )
    own = assignment.organisation_id
    leads = [body for body, role in parts if role == AssignmentRole.LEAD]
    others = [body for body in leads if body != own]
    if own not in leads:
        return others or coordinators()
    if own not in coordinators():
        return coordinators()
    return others or [body for body, role in parts if role == AssignmentRole.WITH and body != own][:1]


def coordinators() -> list[int]:
    """Return the coordinating organisation."""
    return list(Organisation.objects.filter(is_coordinator=True).values_list("pk", flat=True))


def names_of(organisations: Iterable[int]) -> str:
    """Return the names of organisations for a sentence; the coordinator's where there is none."""
    rows = Organisation.objects.filter(pk__in=list(organisations)).order_by("order")
    return str(_("、")).join(row.label for row in rows) or str(_("其他单位"))


def _provincial_parts() -> QuerySet[Assignment]:
    # A part of a split measure makes nobody lead of the whole.
    return Assignment.objects.for_system(_WHY).filter(region=F("plan__region"), subtask=None, ended_at=None)


def verified_by(organisation: int) -> Q:
    """Return the condition of reports whose verification falls to an organisation, whatever their state.

    It says of many reports what `verifiers_of` says of one, without a query for each.
    """
    return Q(assignment__parent__organisation=organisation) | (
        Q(assignment__parent=None) & claims_decided_by(organisation)
    )


def claims_decided_by(organisation: int) -> Q:
    """Return the condition of reports whose claims an organisation decides: `claim_verifiers_of` for many reports."""
    parts = _provincial_parts().filter(
        plan=OuterRef("assignment__plan"), measure_key=OuterRef("assignment__measure_key")
    )
    leads, mine = parts.filter(role=AssignmentRole.LEAD), parts.filter(organisation=organisation)
    own_lead = Exists(leads.filter(organisation=OuterRef("assignment__organisation")))
    others_lead = Exists(leads.exclude(organisation=OuterRef("assignment__organisation")))
    i_lead, i_help = Exists(mine.filter(role=AssignmentRole.LEAD)), Exists(mine.filter(role=AssignmentRole.WITH))
    earlier_helper = Exists(parts.filter(_before(organisation), role=AssignmentRole.WITH))
    of_coordinator = Q(assignment__organisation__is_coordinator=True)
    first_helper = ~Q(others_lead) & Q(i_help) & ~Q(earlier_helper)
    falls = (~Q(own_lead) & Q(i_lead)) | (Q(own_lead) & of_coordinator & (Q(i_lead) | first_helper))
    if organisation in coordinators():
        falls |= Q(own_lead) & ~of_coordinator
        falls |= ~Q(own_lead) & ~Q(others_lead)
    return ~Q(assignment__organisation=organisation) & falls


def _before(organisation: int) -> Q:
    """Return the condition of parts of organisations that stand before one in the order of organisations."""
    order = Organisation.objects.filter(pk=organisation).values_list("order", flat=True).first() or 0
    return Q(organisation__order__lt=order) | Q(organisation__order=order, organisation__lt=organisation)


def undecided_claims() -> QuerySet[Claim]:
    """Return what waits to be decided: claims submitted and neither verified nor rejected nor taken back."""
    return Claim.objects.for_system(_WHY).filter(state=ClaimState.CLAIMED)


def waiting_for(viewer: Viewer) -> Q:
    """Return the condition of the reports that wait for something the viewer can do: verify, confirm, decide claims."""
    own = viewer.organisation_id
    if own is None or not viewer.can(Can.VERIFY, Can.HAND_DOWN):
        return Q(pk__in=[])
    return Q(round__state=RoundState.OPEN) & waiting_for_organisation(
        own, verify=viewer.can(Can.VERIFY), confirm=viewer.can(Can.HAND_DOWN)
    )


def waiting_for_organisation(organisation: int, *, verify: bool = True, confirm: bool = True) -> Q:
    """Return the condition of the reports that wait for an organisation to verify them, or to confirm a county's."""
    submitted = Q(state=ReportState.SUBMITTED)
    found = Q(pk__in=[])
    if confirm:
        found |= submitted & Q(assignment__parent__organisation=organisation)
    if verify:
        decided = claims_decided_by(organisation)
        claims = Exists(undecided_claims().filter(report=OuterRef("pk")))
        found |= submitted & Q(assignment__parent=None) & decided
        found |= Q(state=ReportState.VERIFIED, assignment__parent__isnull=False) & Q(claims) & decided
    return found
