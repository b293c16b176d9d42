"""Who gets in, and how the review page answers: a whole page, or the changed pieces for a page that has scripts."""

import uuid
from collections.abc import Callable
from functools import partial, wraps
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.plans.actions.imports import BadFields, Changed
from xiandao.domains.plans.actions.imports.drafts import PARENTS
from xiandao.domains.plans.import_views.source import source_html
from xiandao.domains.plans.models.drafts import ItemKind, PlanImport
from xiandao.domains.plans.queries import imports as queries

View = Callable[..., HttpResponse]


class Request(HttpRequest):
    """A request as the middleware leaves it."""

    viewer: Viewer
    htmx: HtmxDetails


INVALID, CONFLICT = 422, 409
# Fields of the schema that stand under another name on a form.
_ON_FORM = {"with": "helping", "at": "opening", "period": "year_to"}


def _guarded(view: View, *any_of: Can) -> View:
    """Let in who can; for everybody else the page does not exist. A view with `pk` is given the import."""

    @wraps(view)
    def inner(request: Request, *args: Any, pk: uuid.UUID | None = None, **kwargs: Any) -> HttpResponse:
        if not request.viewer.can(*any_of):
            raise Http404
        if pk is None:
            return view(request, *args, **kwargs)
        try:
            found = queries.import_of(request.viewer, pk)
        except PlanImport.DoesNotExist:
            raise Http404 from None
        return view(request, found, *args, **kwargs)

    return inner


def readers(view: View) -> View:
    """A page the coordinating office and auditors may read."""
    return _guarded(view, Can.READ_IMPORTS)


def writers(view: View) -> View:
    """A page on which something is changed: the coordinating office alone."""
    return _guarded(view, Can.IMPORT_PLANS)


def number(request: Request, name: str) -> int:
    """Return a whole number posted, -1 where there is none: no revision is -1, so the action refuses."""
    value = request.POST.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 10 else -1  # noqa: PLR2004 — fits any counter


def shown(request: Request) -> str:
    """Return the filter the page stands on."""
    return request.POST.get("show") or request.GET.get("show") or "all"


def bench_context(request: Request, found: PlanImport, *, current: str = "", **extra: Any) -> dict[str, Any]:
    """Return what the review page and its pieces need."""
    bench = queries.workbench(request.viewer, found, show=shown(request), current=current)
    parts = [(kind.value, kind.label) for kind, above in PARENTS.items() if ItemKind.MEASURE in above]
    return {
        "bench": bench,
        "import": found,
        "show": bench.show,
        "base": reverse("plans:import", args=[found.pk]),
        "kinds": ItemKind.choices,
        "parts": parts,
        # Called by the templates that show the source, and only by them.
        "source": partial(source_html, bench),
        **extra,
    }


def bench_page(
    request: Request, found: PlanImport, *, current: str = "", alert: str = "", status: int = 200
) -> HttpResponse:
    """Answer with the whole review page."""
    context = bench_context(request, found, current=current, alert=alert)
    return render(request, "plans/import/bench.html", context, status=status)


def done(
    request: Request, found: PlanImport, *, current: str, message: str, texts: bool = True, advance: bool = False
) -> HttpResponse:
    """Answer a change that was made: the pieces that changed, or back to the review page.

    `texts` says that marks in the source may have changed; with `advance` the next waiting item becomes current.
    """
    found = queries.import_of(request.viewer, found.pk)
    bench = queries.workbench(request.viewer, found, show=shown(request))
    # An item that has left the filter shown (it no longer waits) gives way to the next that waits.
    if advance or current not in {row.key for row in bench.shown}:
        current = queries.next_waiting(bench.rows, current, low=bench.show == "low")
    if request.htmx:
        context = bench_context(request, found, current=current, message=message, texts=texts)
        return render(request, "plans/import/_changed.html", context)
    messages.success(request, message)
    return back(request, found, current)


def back(request: Request, found: PlanImport, current: str = "") -> HttpResponse:
    """Redirect to the review page as it stood, at an item."""
    query = {"show": shown(request), **({"item": current} if current else {})}
    place = f"#row-{current}" if current else ""
    return redirect(f"{reverse('plans:import', args=[found.pk])}?{urlencode(query)}{place}")


def refused(request: Request, found: PlanImport, refusal: Refused, *, current: str = "") -> HttpResponse:
    """Answer a change that was refused, with the reason and how things stand now."""
    reason = str(refusal.reason)
    if isinstance(refusal, Changed):
        reason = _("%(reason)s请看过它现在的内容再操作。") % {"reason": reason}
    found = queries.import_of(request.viewer, found.pk)
    if request.htmx:
        context = bench_context(request, found, current=current, alert=reason, texts=True)
        return render(request, "plans/import/_changed.html", context, status=CONFLICT)
    return bench_page(request, found, current=current, alert=reason, status=CONFLICT)


def add_faults(form: forms.Form, refusal: Refused) -> None:
    """Put what an action refused beside the fields it concerns."""
    faults = refusal.faults if isinstance(refusal, BadFields) else [("", str(refusal.reason))]
    for field, sentence in faults:
        name = field.partition("[")[0]
        name = _ON_FORM.get(name, name)
        form.add_error(name if name in form.fields else None, sentence)


def form_answer(request: Request, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Answer with a form: alone for a page that has scripts, else on a page of its own."""
    if request.htmx:
        response = render(request, f"plans/import/{template}", context, status=status)
        if status != 200:  # noqa: PLR2004 — OK
            # The form posted stands where it stood; what it changed elsewhere is nothing.
            response["HX-Retarget"] = context["slot"]
            response["HX-Reswap"] = "innerHTML"
        return response
    return render(
        request, "plans/import/form_page.html", {**context, "form_template": f"plans/import/{template}"}, status=status
    )
