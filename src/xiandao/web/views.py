"""Pages of the shell: overview, search, language, the boundary file of the map."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_POST

from xiandao.domains.inbox.queries import may_have_tasks
from xiandao.domains.inbox.views import inbox
from xiandao.domains.industries import queries as industries
from xiandao.domains.orgs import queries as orgs
from xiandao.domains.plans import queries as plans
from xiandao.domains.plans.figures import countings
from xiandao.domains.plans.models import PlanVersion
from xiandao.domains.plans.panels import panels_of

MAX_WORDS = 100


def home(request: HttpRequest) -> HttpResponse:
    """Show what waits for whoever works here, the overview to everybody else."""
    return inbox(request) if may_have_tasks(request.viewer) else overview(request)


def overview(request: HttpRequest) -> HttpResponse:
    """Show the first plan as a whole: what it promises, who carries it, where, in which industries."""
    try:
        version = plans.plan_in_force(request.viewer)
    except PlanVersion.DoesNotExist:
        return render(request, "web/no_plan.html")
    others = [v for v in plans.plans_in_force(request.viewer) if v.pk != version.pk]
    targets = list(plans.targets_in_force(request.viewer, version))
    context = {
        "version": version,
        "others": others,
        "countings": countings(targets),
        "issuers": plans.issuers_of(request.viewer, version),
        "actions": plans.actions_of(request.viewer, version),
        "targets": targets,
        "groups": industries.groups(),
        "map_rows": map_rows(),
        "panels": panels_of("overview", request.viewer, version=version),
    }
    return render(request, "web/home.html", context)


def map_rows() -> list[dict[str, Any]]:
    """Return what the map shows of each city: how many bodies there do a provincial body's work."""
    return [
        {
            "code": city.code,
            "name": city.name,
            "label": city.label,
            "value": city.n_bureaus,
            "url": reverse("parties:city", args=[city.code]),
        }
        for city in plans.cities_with_counts()
    ]


def search(request: HttpRequest) -> HttpResponse:
    """Search everything with a name: plans, actions, measures, targets, bodies, places, industries."""
    words = request.GET.get("q", "").strip()[:MAX_WORDS]
    results: list[tuple[str, Any]] = []
    if words:
        results += plans.search_items(request.viewer, words)
        results += [("organisation", row) for row in orgs.search_organisations(words)[:50]]
        results += [("region", row) for row in orgs.search_regions(words)[:50]]
        results += [("industry", row) for row in industries.search(words)]
    return render(request, "web/search.html", {"words": words, "results": results})


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remember the language chosen and go back to where it was chosen."""
    target = request.POST.get("next", "")
    here = url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}, require_https=False)
    if "/" not in target or not here:  # without a stroke it would be taken for the name of a page
        target = reverse("web:home")
    answer = redirect(target)
    code = request.POST.get("language", "")
    if check_for_language(code) and code in dict(settings.LANGUAGES):
        answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, code, max_age=365 * 24 * 3600, samesite="Lax", httponly=True)
    return answer


@require_GET
@cache_control(max_age=3600)
def boundaries(request: HttpRequest) -> HttpResponse:
    """Send the boundary file: the office's own if one is set, else the one that came with the pack."""
    own = Path(settings.MAP_FILE) if settings.MAP_FILE else None
    shipped = [Path(folder) / settings.PACK / "map" / "boundaries.json" for folder in settings.PACK_DIRS]
    for file in filter(None, [own, *shipped]):
        if file.is_file():
            return HttpResponse(file.read_bytes(), content_type="application/json")
    raise Http404


@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that the server answers, its database too, and that a plan has been loaded."""
    ready = orgs.newest_pack() is not None
    return HttpResponse("ok" if ready else "no pack", status=200 if ready else 503, content_type="text/plain")
