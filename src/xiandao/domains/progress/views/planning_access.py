"""Who gets to the planning pages, and the target or measure they are about."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponse

from xiandao.domains.orgs.access import Request, View
from xiandao.domains.orgs.capability import Can
from xiandao.domains.plans.models import Measure, PlanVersion, Target
from xiandao.domains.progress.queries.targets import measure_in_force, target_in_force

READERS = (Can.REPORT, Can.VERIFY, Can.READ_PROGRESS)


def about_target(*any_of: Can) -> Callable[[View], View]:
    """Let in who has one of the capabilities and hand the view the target in force; else nothing is there."""

    def decorate(view: View) -> View:
        @wraps(view)
        def inner(request: Request, plan: str, key: str, **kwargs: Any) -> HttpResponse:
            if not request.viewer.can(*any_of):
                raise Http404
            try:
                target = target_in_force(request.viewer, plan, key)
            except (PlanVersion.DoesNotExist, Target.DoesNotExist):
                raise Http404 from None
            return view(request, target, **kwargs)

        return inner

    return decorate


def about_measure(*any_of: Can) -> Callable[[View], View]:
    """The same for a measure in force."""

    def decorate(view: View) -> View:
        @wraps(view)
        def inner(request: Request, plan: str, key: str, **kwargs: Any) -> HttpResponse:
            if not request.viewer.can(*any_of):
                raise Http404
            try:
                measure = measure_in_force(request.viewer, plan, key)
            except (PlanVersion.DoesNotExist, Measure.DoesNotExist):
                raise Http404 from None
            return view(request, measure, **kwargs)

        return inner

    return decorate
