"""Who sees whose work: one rule for duties, reports, claims and what hangs on them."""

from django.db.models import Exists, F, OuterRef, Q

from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.viewer import Viewer


def work_scope(viewer: Viewer, prefix: str = "") -> Q:
    """Return the condition under which a viewer sees an assignment reached by `prefix` (such as "assignment__").

    The province's coordinators and auditors see all; an organisation sees its own duties and every duty under a
    measure it leads; a city's bodies see their city and its counties, a county's its county; others see nothing.
    Who helps with a measure also sees the coordinator's own duty in it: somebody else has to verify that one.
    """
    from xiandao.domains.progress.models.assignments import Assignment

    if viewer.can(Can.READ_PROGRESS):
        return Q()
    if viewer.organisation_id is None or not viewer.can(Can.REPORT, Can.VERIFY):
        return Q(pk__in=[])
    if not prefix:
        return _assignments(viewer)
    # The duties seen are few and found once; what hangs on them, tens of thousands of rows, is looked up among them.
    seen = Assignment.objects.for_system("the scope itself").filter(_assignments(viewer)).order_by().values("pk")
    return Q(**{f"{prefix.removesuffix('__')}__in": seen})


def _assignments(viewer: Viewer) -> Q:
    """Return the condition of the assignments of a viewer who reports or verifies."""
    from xiandao.domains.progress.models.assignments import Assignment, AssignmentRole

    own = Assignment.objects.for_system("finding the viewer's own organisation's part in a measure").filter(
        organisation=viewer.organisation_id,
        region=F("plan__region"),
        # Who leads one part of a split measure does not thereby see the others.
        subtask=None,
        ended_at=None,
        plan=OuterRef("plan"),
        measure_key=OuterRef("measure_key"),
    )
    leads, helps = own.filter(role=AssignmentRole.LEAD), own.filter(role=AssignmentRole.WITH)
    # By place only below the plan's own level: a provincial body does not see the cities for being above them.
    place = Q(region=viewer.region) | Q(region__parent=viewer.region)
    return (
        Q(organisation=viewer.organisation_id)
        | (place & ~Q(plan__region=viewer.region))
        | Q(Exists(leads))
        | (Q(organisation__is_coordinator=True) & Q(Exists(helps)))
    )
