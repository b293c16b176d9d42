"""Verifying: what waits, one report with its claims side by side with what speaks for and against, many at once."""

from dataclasses import dataclass, field
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from xiandao.domains.orgs.access import CONFLICT, REFUSED, NeedsMixin, Request, needs
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.plans.filters import ALL
from xiandao.domains.progress import rules
from xiandao.domains.progress.actions import reports as act
from xiandao.domains.progress.actions.results import Target, shared_targets
from xiandao.domains.progress.faults import BadFields
from xiandao.domains.progress.measure_names import measure_names
from xiandao.domains.progress.models import Claim, ClaimState, Report, ReportState, Verdict
from xiandao.domains.progress.queries import claims as claim_queries
from xiandao.domains.progress.queries import reports as queries
from xiandao.domains.progress.views.report_columns import NamedTable, badge, cities, linked, standing_label
from xiandao.domains.progress.views.report_form import as_number, grouped
from xiandao.domains.progress.views.report_list import rounds_to_filter
from xiandao.domains.progress.views.reports import answer, find, page_context
from xiandao.domains.shared.columns import MomentColumn
from xiandao.domains.shared.lists import ListPage

VERIFIERS = (Can.VERIFY, Can.HAND_DOWN)
_MOST_AT_ONCE = 200


class WaitingTable(NamedTable):
    """What waits to be verified; reports without claims can be marked to be verified together."""

    mark = tables.Column(gettext_lazy("选择"), empty_values=(), orderable=False, exclude_from_export=True)
    measure = tables.Column(
        gettext_lazy("任务"), empty_values=(), order_by=("assignment__plan__order", "assignment__measure_key")
    )
    organisation = tables.Column(
        gettext_lazy("填报单位"), accessor="assignment__organisation", order_by="assignment__organisation__order"
    )
    region = tables.Column(gettext_lazy("地区"), accessor="assignment__region", order_by="assignment__region__code")
    round = tables.Column(gettext_lazy("填报期"), accessor="round__label", order_by="round__period_end")
    standing = tables.Column(gettext_lazy("进展状态"))
    n_claims = tables.Column(gettext_lazy("待核实成果"), attrs={"td": {"class": "number"}, "th": {"class": "number"}})
    submitted_at = MomentColumn(verbose_name=gettext_lazy("提交时间"), format="Y-m-d H:i")

    class Meta:
        model = Report
        fields = ()

    def render_mark(self, record: Report) -> SafeString | str:
        if record.n_claims and not record.assignment.parent_id:
            return "—"
        label = _("选择%(who)s") % {"who": record.assignment.organisation.label}
        return format_html(
            '<input class="form-check-input" type="checkbox" name="report" value="{}-{}" form="bulk" aria-label="{}">',
            record.pk,
            record.revision,
            label,
        )

    def render_measure(self, record: Report) -> SafeString:
        return linked("report-verify", self.measure_name(record.assignment), record.pk)

    def value_measure(self, record: Report) -> str:
        return self.measure_name(record.assignment)

    def render_organisation(self, record: Report) -> str:
        return record.assignment.organisation.label

    def render_region(self, record: Report) -> str:
        return record.assignment.region.label

    def render_standing(self, record: Report) -> SafeString:
        return badge(record.standing, standing_label(record.standing))

    def value_standing(self, record: Report) -> str:
        return standing_label(record.standing)


class WaitingFilter(django_filters.FilterSet):
    """What waits by round and city."""

    round = django_filters.ModelChoiceFilter(label=gettext_lazy("填报期"), empty_label=ALL, queryset=rounds_to_filter)
    city = django_filters.ModelChoiceFilter(
        label=gettext_lazy("设区市"), empty_label=ALL, queryset=cities, field_name="assignment__region"
    )
    claims = django_filters.ChoiceFilter(
        label=gettext_lazy("成果"),
        empty_label=ALL,
        choices=(("with", gettext_lazy("有待核实成果")), ("without", gettext_lazy("没有申报成果"))),
        method="by_claims",
    )

    class Meta:
        model = Report
        fields: tuple[str, ...] = ()

    def by_claims(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        return rows.filter(n_claims__gt=0) if value == "with" else rows.filter(n_claims=0)


class Waiting(NeedsMixin, ListPage):
    """What waits for the viewer to be verified."""

    needs = VERIFIERS
    template_name = "progress/reports/waiting.html"
    title = gettext_lazy("待核实")
    lead = gettext_lazy("等您核实的进展和成果，等得最久的在前。没有申报成果的可以勾选后一并核实。")
    empty = gettext_lazy("没有等您核实的进展。")
    table_class = WaitingTable
    filterset_class = WaitingFilter

    def get_queryset(self) -> Any:
        return queries.waiting(self.request.viewer)


def _marked(data: QueryDict) -> dict[int, int]:
    """Return the revisions of the reports marked, by id."""
    found = {}
    for text in data.getlist("report")[:_MOST_AT_ONCE]:
        pk, _dash, revision = text.partition("-")
        if as_number(pk) > 0 and as_number(revision) >= 0:
            found[as_number(pk)] = as_number(revision)
    return found


@require_POST
@needs(*VERIFIERS)
def bulk(request: Request) -> HttpResponse:
    """Show what verifying the marked reports together would do; with step "verify" do it."""
    revisions = _marked(request.POST)
    rows = list(queries.waiting(request.viewer).filter(pk__in=revisions))
    alert, status = "", 200
    if not rows:
        alert, status = _("请先勾选要核实的进展；已被他人核实的不再列出。"), REFUSED
    elif request.POST.get("step") == "verify":
        try:
            done = act.verify_many(request.viewer, revisions={row.pk: revisions[row.pk] for row in rows})
        except Refused as refusal:
            alert, status = str(refusal.reason), CONFLICT
        else:
            messages.success(request, _("已核实 %(n)s 份进展。") % {"n": len(done)})
            return redirect("progress:verification")
    context = {"rows": [(row, revisions[row.pk]) for row in rows], "names": measure_names(), "alert": alert}
    return render(request, "progress/reports/bulk.html", context, status=status)


@dataclass(frozen=True, slots=True)
class Weighed:
    """A claim before its verifier: evidence, questions, targets it may serve too, what she has chosen so far."""

    claim: Claim
    files: Any
    doubts: list[claim_queries.Doubt]
    overlaps: list[tuple[str, str]]
    verified: str = ""
    note: str = ""
    faults: dict[str, list[str]] = field(default_factory=dict)


@needs(*VERIFIERS)
def page(request: Request, pk: int) -> HttpResponse:
    """Show a report to who may decide it now; on POST decide it."""
    report = find(request, pk)
    claims_only = report.state == ReportState.VERIFIED
    if request.method == "POST":
        return _decide(request, report, claims_only=claims_only)
    if claims_only:
        waits = (
            rules.may_decide_claims(request.viewer, report) and rules.undecided_claims().filter(report=report).exists()
        )
    else:
        waits = rules.may_decide(request.viewer, report) and act.possible(act.Step.VERIFY, report)
    # Whoever sees the report but has nothing to decide reads it where everybody does.
    return _page(request, report) if waits else redirect("progress:report", pk=pk)


def _decide(request: Request, report: Report, *, claims_only: bool) -> HttpResponse:
    """Verify the report, or decide the claims of one that a city has confirmed."""
    decisions = _decisions(request.POST, report)
    judgements = _judgements(request.POST)
    try:
        if claims_only:
            act.decide_claims(request.viewer, pk=report.pk, decisions=decisions, judgements=judgements)
        else:
            revision = request.POST.get("revision", "")
            act.verify_report(
                request.viewer,
                pk=report.pk,
                revision=as_number(revision),
                decisions=decisions,
                judgements=judgements,
            )
    except BadFields as fault:
        alert = _("没有核实：请按各处的提示补全。")
        return _page(request, find(request, report.pk), faults=fault.faults, alert=alert, status=REFUSED)
    except Refused as refusal:
        return _refused(request, report.pk, refusal)
    messages.success(request, _("已核实。"))
    return _onward(request, report)


def _refused(request: Request, pk: int, refusal: Refused) -> HttpResponse:
    """Say why not: on the verifier's page to who decides here, where everybody reads to who does not."""
    report = find(request, pk)
    status = CONFLICT if isinstance(refusal, Conflict) else REFUSED
    decides = rules.may_decide(request.viewer, report) or rules.may_decide_claims(request.viewer, report)
    shown = _page if decides else answer
    return shown(request, report, alert=str(refusal.reason), status=status)


def _onward(request: Request, report: Report) -> HttpResponse:
    """Lead to the next report that waits, else to the list."""
    following = queries.next_waiting(request.viewer, report)
    if following is None:
        return redirect("progress:verification")
    return redirect("progress:report-verify", pk=following.pk)


def _decisions(data: QueryDict, report: Report) -> dict[int, act.Decision]:
    found = {}
    for claim in Claim.objects.for_system("the report was checked").filter(report=report, state=ClaimState.CLAIMED):
        chosen = data.get(f"claims.{claim.pk}.verified", "")
        if chosen in ("yes", "no"):
            note = data.get(f"claims.{claim.pk}.note", "")
            also = tuple(_target(text) for text in data.getlist(f"claims.{claim.pk}.also") if "-" in text)
            found[claim.pk] = act.Decision(chosen == "yes", note, also)
    return found


def _target(text: str) -> Target:
    plan, _dash, key = text.partition("-")
    return as_number(plan), key


def _judgements(data: QueryDict) -> list[act.Judgement]:
    found = []
    for name, chosen in data.items():
        pk = name.removeprefix("judgements.").removesuffix(".same")
        asked = name.startswith("judgements.") and name.endswith(".same") and as_number(pk) > 0
        if asked and chosen in ("yes", "no"):
            found.append(act.Judgement(as_number(pk), chosen == "yes", data.get(f"judgements.{pk}.note", "")))
    return found


def _page(
    request: Request, report: Report, *, faults: list[tuple[str, str]] | None = None, alert: str = "", status: int = 200
) -> HttpResponse:
    context = page_context(request, report)
    own_faults, claim_faults = grouped(faults or [])
    waiting = [claim for claim in context["claims"] if claim.state == ClaimState.CLAIMED]
    # A city that confirms a county's report decides none of its claims: it sees no more of another's than elsewhere.
    decides = bool(rules.may_decide_claims(request.viewer, report))
    doubts = claim_queries.doubts(request.viewer, waiting, everything=decides)
    context |= {
        "weighed": [
            Weighed(
                claim,
                context["files"].get(str(claim.pk)),
                doubts.get(claim.pk, []),
                _overlaps(claim, context["targets"]),
                request.POST.get(f"claims.{claim.pk}.verified", ""),
                request.POST.get(f"claims.{claim.pk}.note", ""),
                claim_faults.get(str(claim.pk), {}),
            )
            for claim in waiting
        ],
        "decided": [claim for claim in context["claims"] if claim.state != ClaimState.CLAIMED],
        "claims_only": report.state == ReportState.VERIFIED,
        "confirms": report.assignment.parent_id is not None and report.state == ReportState.SUBMITTED,
        "following": queries.next_waiting(request.viewer, report),
        "faults": own_faults,
        "alert": alert,
        "kept": request.POST,
        "open": Verdict.OPEN,
    }
    return render(request, "progress/reports/verify.html", context, status=status)


def _overlaps(claim: Claim, names: dict[Target, str]) -> list[tuple[str, str]]:
    """Return the targets a claim may serve too, for the verifier to say so."""
    if not claim.target_key:
        return []
    links = shared_targets((claim.report.assignment.plan_id, claim.target_key))
    return [(f"{plan}-{key}", names.get((plan, key), key)) for (plan, key), rule in links.items() if rule == "overlap"]


@require_POST
@needs(*VERIFIERS)
def send_back(request: Request, pk: int) -> HttpResponse:
    """Return a report with the reason posted."""
    report = find(request, pk)
    revision = request.POST.get("revision", "")
    try:
        act.return_report(
            request.viewer,
            pk=pk,
            revision=as_number(revision),
            reason=request.POST.get("reason", ""),
        )
    except Refused as refusal:
        return _refused(request, pk, refusal)
    messages.success(request, _("已退回，填报单位会看到您的理由。"))
    return _onward(request, report)
