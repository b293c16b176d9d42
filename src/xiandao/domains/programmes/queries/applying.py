"""Reading programmes, calls, needs and applications for those who apply."""

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.programmes.models import (
    Application,
    ApplicationEvent,
    Call,
    CallState,
    Need,
    NeedEvent,
    Programme,
    ProgrammeVersion,
)


def programmes() -> QuerySet[Programme]:
    """Return the programmes in force with how many calls are open now."""
    now = timezone.now()
    is_open = Q(versions__calls__state=CallState.PUBLISHED, versions__calls__closes_at__gte=now)
    rows = Programme.objects.filter(in_force=True).select_related("lead")
    return rows.annotate(open_calls=Count("versions__calls", filter=is_open, distinct=True)).order_by("order", "code")


def programme(code: str) -> Programme:
    """Return one programme, in force or not. Raises Programme.DoesNotExist."""
    found: Programme = Programme.objects.select_related("lead").get(code=code)
    return found


def current_version(of: Programme) -> ProgrammeVersion | None:
    """Return the definition in force."""
    return ProgrammeVersion.objects.filter(programme=of, current=True).first()


def calls(viewer: Viewer) -> QuerySet[Call]:
    """Return the calls a viewer sees, newest first."""
    rows = Call.objects.visible_to(viewer).select_related("version__programme", "organiser")
    return rows.order_by("-opens_at", "-id")


def call_by_code(viewer: Viewer, code: str) -> Call:
    """Return one call. Raises Call.DoesNotExist."""
    found: Call = calls(viewer).select_related("version__programme__lead").get(code=code)
    return found


def own_applications(viewer: Viewer) -> QuerySet[Application]:
    """Return what the viewer's organisation applies for itself or takes part in, newest first."""
    rows = Application.objects.visible_to(viewer).select_related("call__version__programme", "applicant")
    own = Q(applicant=viewer.organisation_id) | Q(
        pk__in=Application.objects.for_system("of the viewer's own organisation")
        .filter(partners__organisation=viewer.organisation_id)
        .values("pk")
    )
    return rows.filter(own).order_by("-id")


def application_by_code(viewer: Viewer, code: str) -> Application:
    """Return one application with what is shown beside it. Raises Application.DoesNotExist."""
    rows = Application.objects.visible_to(viewer).select_related(
        "call__version__programme", "call__organiser", "applicant", "region", "recommender", "need", "enterprise"
    )
    events = Prefetch("events", ApplicationEvent.objects.select_related("organisation"))
    found: Application = rows.prefetch_related(events, "findings", "partners").get(code=code)
    return found


def needs(viewer: Viewer) -> QuerySet[Need]:
    """Return the needs a viewer sees, newest first."""
    rows = Need.objects.visible_to(viewer).select_related("programme", "demander", "industry", "call")
    return rows.order_by("-raised_at", "-id")


def need_by_code(viewer: Viewer, code: str) -> Need:
    """Return one need with what happened to it. Raises Need.DoesNotExist."""
    events = Prefetch("events", NeedEvent.objects.select_related("organisation"))
    found: Need = needs(viewer).select_related("programme__lead").prefetch_related(events).get(code=code)
    return found
