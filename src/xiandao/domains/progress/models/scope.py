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
    from xiandao.domains.progress.models.assignments import Assignment, AssignmentRole

    if viewer.can(Can.READ_PROGRESS):
        return Q()
    if viewer.organisation_id is None or not viewer.can(Can.REPORT, Can.VERIFY):
        return Q(pk__in=[])
    own = Assignment.objects.for_system("finding the viewer's own organisation's part in a measure").filter(
        organisation=viewer.organisation_id,
        region=F("plan__region"),
        ended_at=None,
        plan=OuterRef(f"{prefix}plan"),
        measure_key=OuterRef(f"{prefix}measure_key"),
    )
    leads, helps = own.filter(role=AssignmentRole.LEAD), own.filter(role=AssignmentRole.WITH)
    coordinators = Q(**{f"{prefix}organisation__is_coordinator": True}) & Q(Exists(helps))
    # By place only below the plan's own level: a provincial body does not see the cities for being above them.
    place = Q(**{f"{prefix}region": viewer.region}) | Q(**{f"{prefix}region__parent": viewer.region})
    below_the_plan = ~Q(**{f"{prefix}plan__region": viewer.region})
    return (
        Q(**{f"{prefix}organisation": viewer.organisation_id})
        | (place & below_the_plan)
        | Q(Exists(leads))
        | coordinators
    )
