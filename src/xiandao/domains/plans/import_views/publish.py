"""The page before publishing: where to, what stands in the way, what would change."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from xiandao.domains.orgs.permission import Refused
from xiandao.domains.plans.actions import imports as actions
from xiandao.domains.plans.actions.imports.compare import Difference, differences
from xiandao.domains.plans.actions.imports.publish import Prospect, prospect
from xiandao.domains.plans.import_forms import NEW_PLAN, DestinationForm
from xiandao.domains.plans.import_views.access import CONFLICT, INVALID, Request, number, writers
from xiandao.domains.plans.import_views.pages import form_page
from xiandao.domains.plans.models import Plan, PlanVersion, VersionState
from xiandao.domains.plans.models.drafts import ImportState, ItemKind, PlanImport
from xiandao.domains.plans.queries import imports as queries

# Shown open; mechanisms, commitments and support standards are folded.
_FIRST = ("head", ItemKind.ACTION, ItemKind.MEASURE, ItemKind.DUTY, ItemKind.TARGET)


@dataclass(frozen=True, slots=True)
class Group:
    """The differences of one kind, with how many there are of each sort."""

    label: str
    rows: list[Difference]
    counts: dict[str, int]
    open: bool


@form_page
@writers
def publish(request: Request, found: PlanImport) -> HttpResponse:
    """Compare with the version in force and publish."""
    if found.state != ImportState.REVIEW:
        return redirect("plans:import", found.pk)
    asked = request.POST if request.method == "POST" else request.GET
    form = DestinationForm(asked or _likely(request, found), viewer=request.viewer)
    if request.method == "POST" and form.is_valid():
        return _publish(request, found, form)
    ready = form.is_valid() if asked or form.data.get("plan") != NEW_PLAN else False
    if not asked and not ready:
        form = DestinationForm(initial=_likely(request, found), viewer=request.viewer)
    status = INVALID if form.is_bound and not ready else 200
    return _page(request, found, form, ready=ready, status=status)


def _likely(request: Request, found: PlanImport) -> dict[str, Any]:
    """Return where the import most likely goes: the plan of the same name or document number, else a new one."""
    head = found.head
    plans = Plan.objects.visible_to(request.viewer)
    plan = plans.filter(name=head.get("title")).first()
    if plan is None and head.get("number"):
        versions = PlanVersion.objects.visible_to(request.viewer).filter(state=VersionState.PUBLISHED)
        version = versions.filter(document_no=head["number"]).select_related("plan").first()
        plan = version.plan if version else None
    return {"plan": plan.code if plan else NEW_PLAN, "region": request.viewer.region}


def _publish(request: Request, found: PlanImport, form: DestinationForm) -> HttpResponse:
    region = form.cleaned_data.get("region")
    try:
        version = actions.publish_import(
            request.viewer,
            pk=found.pk,
            revision=number(request, "revision"),
            code=form.plan_code(),
            new_plan=form.is_new,
            against=max(number(request, "against"), 0),
            region=region.code if region else "",
            reason=request.POST.get("reason", "")[:1000],
            accept_rest=bool(request.POST.get("accept_rest")),
        )
    except Refused as refusal:
        found = queries.import_of(request.viewer, found.pk)
        return _page(request, found, form, ready=True, status=CONFLICT, alert=str(refusal.reason))
    messages.success(request, _("已发布为第 %(number)s 版。") % {"number": version.number})
    return redirect("plans:plan", version.plan.code)


def _page(
    request: Request, found: PlanImport, form: DestinationForm, *, ready: bool, status: int, alert: str = ""
) -> HttpResponse:
    context: dict[str, Any] = {"import": found, "form": form, "ready": ready, "alert": alert}
    context["bench"] = queries.workbench(request.viewer, found)
    if ready:
        outlook = prospect(request.viewer, plan_import=found, code=form.plan_code())
        context |= {"outlook": outlook, "is_new": form.is_new, "region": form.cleaned_data.get("region")}
        context |= {"groups": _groups(outlook, found), "tally": _tally(outlook)}
    context["reason"] = request.POST.get("reason", "")
    context["accept_rest"] = bool(request.POST.get("accept_rest"))
    return render(request, "plans/import/publish.html", context, status=status)


def _groups(outlook: Prospect, found: PlanImport) -> list[Group]:
    """Return the differences from the version in force by kind; none for a new plan, where everything is new."""
    if outlook.document is None or outlook.before is None or outlook.current is None:
        return []
    rows = differences(
        outlook.before, outlook.document, old_text=outlook.current.source_text, new_text=found.source_text
    )
    labels = {"head": _("文件头"), **{str(kind.value): str(kind.label) for kind in ItemKind}}
    groups = []
    for kind, label in labels.items():
        here = [row for row in rows if row.kind == kind]
        if here:
            groups.append(Group(label, here, dict(Counter(row.what for row in here)), open=kind in _FIRST))
    return groups


def _tally(outlook: Prospect) -> list[tuple[str, int]]:
    """Return how many items the document would hold."""
    document = outlook.document
    if document is None:
        return []
    measures = list(document.measures())
    return [
        (_("行动"), len(document.actions)),
        (_("任务"), len(measures)),
        (_("目标"), sum(1 for _t in document.targets())),
        (_("支持标准"), sum(len(m.support) for m in measures)),
        (_("机制"), sum(len(m.mechanisms) for m in measures)),
        (_("承诺事项"), sum(len(m.commitments) for m in measures)),
        (_("责任单位"), len(document.parties())),
    ]
