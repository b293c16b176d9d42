"""Reading objections."""

from django.db.models import Prefetch, QuerySet

from xiandao.domains.enterprises.models import Enterprise
from xiandao.domains.labelling.models import Objection, ObjectionEvent
from xiandao.domains.orgs.viewer import Viewer


def objections(viewer: Viewer) -> QuerySet[Objection]:
    """Return the objections a viewer sees, newest first."""
    rows = Objection.objects.visible_to(viewer).select_related("enterprise__region", "industry", "raised_by")
    return rows.order_by("-raised_at", "-id")


def objection_by_code(viewer: Viewer, code: str) -> Objection:
    """Return one objection with what happened to it. Raises Objection.DoesNotExist."""
    events = Prefetch("events", ObjectionEvent.objects.select_related("organisation").order_by("at", "id"))
    found: Objection = objections(viewer).prefetch_related(events).get(code=code)
    return found


def own_enterprises(viewer: Viewer) -> QuerySet[Enterprise]:
    """Return the enterprises in whose name a viewer may object."""
    if viewer.organisation_id is None:
        return Enterprise.objects.for_system("nobody's").none()
    return Enterprise.objects.visible_to(viewer).filter(organisation=viewer.organisation_id, same_as=None)
