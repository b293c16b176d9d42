"""The page of one report: written by its duty's organisation, read by all who see it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiandao.domains.audit.queries import history
from xiandao.domains.orgs.access import CONFLICT, REFUSED, Request, needs
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.progress import rules
from xiandao.domains.progress.actions import reports as act
from xiandao.domains.progress.actions.reports.content import EDITABLE
from xiandao.domains.progress.actions.reports.desk import KIND
from xiandao.domains.progress.actions.reports.reading import Choices
from xiandao.domains.progress.evidence import evidence_blocks
from xiandao.domains.progress.faults import BadFields, Fault
from xiandao.domains.progress.measure_names import measure_names, target_names
from xiandao.domains.progress.models import Claim, IdentifierKind, Problem, Report, ReportState, RoundState, Standing
from xiandao.domains.progress.queries import claims as claim_queries
from xiandao.domains.progress.queries import reports as queries
from xiandao.domains.progress.views.report_columns import READERS
from xiandao.domains.progress.views.report_form import Posted, Row, base_text, grouped, posted, shown_clashes


def find(request: Request, pk: int) -> Report:
    """Return a report the viewer sees; one that is missing or hidden is not found."""
    try:
        return queries.report(request.viewer, pk)
    except Report.DoesNotExist:
        raise Http404 from None


@needs(*READERS)
def page(request: Request, pk: int) -> HttpResponse:
    """Show one report: as a form to who writes it now, as text to everybody else who sees it."""
    return answer(request, find(request, pk))


def answer(
    request: Request,
    report: Report,
    *,
    given: Posted | None = None,
    faults: list[Fault] | None = None,
    changed: act.Changed | None = None,
    alert: str = "",
    add: bool = False,
    status: int = 200,
) -> HttpResponse:
    """Answer with the page; with `given` the form keeps what was typed, with `changed` it asks whose words stay."""
    context = page_context(request, report)
    context |= {"alert": alert, "kept": request.POST}
    if context["editable"]:
        context |= form_context(request, report, given=given, faults=faults or [], changed=changed, add=add)
    template = (
        "progress/reports/_panel.html" if request.htmx and context["editable"] else "progress/reports/report.html"
    )
    response = render(request, template, context, status=status)
    if request.htmx:
        response["HX-Retarget"], response["HX-Reswap"] = "#report-panel", "outerHTML"
    return response


def page_context(request: Request, report: Report) -> dict[str, Any]:
    """Return what the page of a report needs, form or not."""
    viewer, names = request.viewer, measure_names()
    duty = report.assignment
    own = duty.organisation_id == viewer.organisation_id
    may_fill = rules.may_fill(viewer, report)
    siblings = list(queries.own_reports(viewer, report.round)) if own else []
    place = next((n for n, row in enumerate(siblings) if row.pk == report.pk), None)
    claims = list(claim_queries.claims_of(viewer, report))
    return {
        "report": report,
        "duty": duty,
        "names": names,
        "measure": names.get((duty.plan_id, duty.measure_key), duty.measure_key),
        "targets": target_names(),
        "own": own,
        "siblings": siblings,
        "previous": siblings[place - 1] if place else None,
        "next": siblings[place + 1] if place is not None and place + 1 < len(siblings) else None,
        "editable": bool(may_fill) and act.possible(act.Step.SAVE, report),
        "may_fill": may_fill,
        "may_submit": rules.may_submit(viewer, report),
        "may_withdraw": bool(rules.may_submit(viewer, report)) and act.possible(act.Step.WITHDRAW, report),
        "may_decide": bool(rules.may_decide(viewer, report)) and act.possible(act.Step.VERIFY, report),
        "may_decide_claims": report.state == ReportState.VERIFIED
        and any(claim.state == "claimed" for claim in claims)
        and bool(rules.may_decide_claims(viewer, report)),
        "may_reopen": bool(rules.may_reopen(viewer, report)) and act.possible(act.Step.REOPEN, report),
        "verifiers": rules.names_of(rules.verifiers_of(duty)),
        "late": is_late(report),
        "claims": claims,
        "doubts": claim_queries.doubts(viewer, claims),
        "files": evidence_blocks(viewer, claims),
        "earlier": claim_queries.earlier_claims(viewer, report),
        "versions": queries.versions(report),
        "problems": Problem.objects.visible_to(viewer).filter(report=report),
        "may_raise": own and viewer.can(Can.RAISE_PROBLEMS),
        "raise_from": f"report={report.pk}",
        "history": history(kind=KIND, key=str(report.pk)),
    }


def is_late(report: Report) -> bool:
    """Whether a report is past its day and not submitted."""
    return (
        report.state in queries.UNWRITTEN
        and report.round.state == RoundState.OPEN
        and report.round.due_on < timezone.localdate()
    )


def form_context(
    request: Request,
    report: Report,
    *,
    given: Posted | None,
    faults: list[Fault],
    changed: act.Changed | None,
    add: bool,
) -> dict[str, Any]:
    """Return what the form needs: its values, what is wrong, whose words stay, the choices."""
    choices = Choices.of(report.assignment)
    now = act.Content.of(report)
    content = changed.merged if changed else given.content if given else now
    own_faults, claim_faults = grouped(faults)
    names = given.names if given else {}
    lists = _lists(choices)
    words = {name: {code: str(label) for code, label in found} for name, found in lists.items()}
    rows = _rows(request, report, content, claim_faults, names)
    if add:
        rows.append(Row("new-1" if "new-1" not in names.values() else f"new-{len(rows) + 1}", _blank(report, choices)))
    stands = changed.theirs if changed else (given.base if given and given.base else now)
    return {
        "content": content,
        "rows": rows,
        "blank": Row("new-KEY", _blank(report, choices)),
        "revision": changed.revision if changed else given.revision if given else report.revision,
        "base": base_text(stands),
        "faults": own_faults,
        "changed": changed,
        "clashes": shown_clashes(changed.clashes, content, words) if changed else [],
        "lists": lists,
        "units": {key: target.unit for key, target in choices.targets.items()},
    }


def _lists(choices: Choices) -> dict[str, list[tuple[str, Any]]]:
    """Return the choice lists of the form, codes with their words."""
    return {
        "standing": [choice for choice in Standing.choices if choice[0]],
        "target_key": [(key, row.label) for key, row in choices.targets.items()],
        "identifier_kind": [choice for choice in IdentifierKind.choices if choice[0]],
        "region": [(code, row.label) for code, row in choices.regions.items()],
        "industry": [(code, row.label) for code, row in choices.industries.items()],
    }


def _blank(report: Report, choices: Choices) -> dict[str, str]:
    """Return a new claim with what can be told beforehand: the only target with its unit, the place, one piece."""
    fields = dict.fromkeys(act.CLAIM_FIELDS, "")
    if len(choices.targets) == 1:
        (key, target), *_rest = choices.targets.items()
        fields |= {"target_key": key, "unit": target.unit}
    if report.assignment.region_id != report.assignment.plan.region_id:
        fields["region"] = report.assignment.region_id
    return fields | {"quantity": "1"}


def _rows(
    request: Request,
    report: Report,
    content: act.Content,
    faults: dict[str, dict[str, list[str]]],
    names: dict[str, str],
) -> list[Row]:
    """Return the claims of the form, with evidence and doubts of those that are saved."""
    saved = {str(row.pk): row for row in claim_queries.claims_of(request.viewer, report) if row.state in EDITABLE}
    blocks = evidence_blocks(request.viewer, saved.values())
    doubts = claim_queries.doubts(request.viewer, saved.values())
    rows = []
    for key, fields in content.claims.items():
        claim: Claim | None = saved.get(key)
        rows.append(
            Row(
                key=names.get(key, key),
                fields=fields,
                pk=claim.pk if claim else None,
                claim=claim,
                faults=faults.get(key, {}),
                files=blocks.get(key),
                doubts=doubts.get(claim.pk, []) if claim else [],
            )
        )
    return rows


@require_POST
@needs(*READERS)
def save(request: Request, pk: int) -> HttpResponse:
    """Save the form; with step "submit" submit it, with "add" go on with another claim, "autosave" stay."""
    report = find(request, pk)
    given = posted(request.POST)
    step = request.POST.get("step", "save")
    content = given.content
    if given.theirs and given.base is not None:
        content = act.choose(content, given.base, given.theirs)
    try:
        saved = act.save_draft(request.viewer, pk=pk, revision=given.revision, content=content, base=given.base)
    except act.Changed as changed:
        return answer(request, find(request, pk), given=given, changed=changed, status=CONFLICT)
    except BadFields as fault:
        return _faulty(request, report, given, fault, step)
    except Refused as refusal:
        return _refused(request, pk, refusal)
    return _saved(request, saved, given, step)


def _saved(request: Request, saved: act.Saved, given: Posted, step: str) -> HttpResponse:
    """Go on after saving, as the button says."""
    if step == "autosave":
        return _autosaved(request, saved, given)
    if step == "submit":
        return _submit(request, saved)
    if step == "add":
        return answer(request, find(request, saved.report.pk), add=True)
    messages.success(request, _merged_words(saved) or _("已保存草稿。"))
    return redirect("progress:report", pk=saved.report.pk)


def _faulty(request: Request, report: Report, given: Posted, fault: BadFields, step: str) -> HttpResponse:
    """Answer a form that cannot be read: beside its fields, or in one line while somebody is typing."""
    if step == "autosave" and request.htmx:
        return render(request, "progress/reports/_status.html", {"fault": str(fault.reason)}, status=REFUSED)
    return answer(request, report, given=given, faults=fault.faults, status=REFUSED)


def _refused(request: Request, pk: int, refusal: Refused) -> HttpResponse:
    status = CONFLICT if isinstance(refusal, Conflict) else REFUSED
    return answer(request, find(request, pk), alert=str(refusal.reason), status=status)


def _merged_words(saved: act.Saved) -> str:
    """Return what to say where somebody else's changes were merged in; "" where there were none."""
    return _("已保存，并合并了%(who)s刚才的修改。") % {"who": saved.merged_from} if saved.merged_from else ""


def _autosaved(request: Request, saved: act.Saved, given: Posted) -> HttpResponse:
    """Answer a save while somebody is typing: the new revision and ids; the whole form where others' words came in."""
    if not request.htmx:
        return redirect("progress:report", pk=saved.report.pk)
    if saved.merged_from:
        messages.info(request, _merged_words(saved))
        return answer(request, find(request, saved.report.pk))
    rows = [row for row in claim_queries.claims_of(request.viewer, saved.report) if row.pk in saved.ids.values()]
    blocks = evidence_blocks(request.viewer, rows)
    made = [(given.names.get(key, key), pk, blocks.get(str(pk))) for key, pk in saved.ids.items()]
    context = {"saved": saved, "base": base_text(saved.content), "made": made, "now": timezone.localtime()}
    return render(request, "progress/reports/_status.html", context)


def _submit(request: Request, saved: act.Saved) -> HttpResponse:
    """Submit what was just saved; what is missing is shown beside its fields, the draft stays saved."""
    pk = saved.report.pk
    try:
        report = act.submit_report(request.viewer, pk=pk, revision=saved.report.revision)
    except BadFields as fault:
        alert = _("还不能提交，已保存为草稿：请按各处的提示补全。")
        return answer(request, find(request, pk), faults=fault.faults, alert=alert, status=REFUSED)
    except Refused as refusal:
        return _refused(request, pk, refusal)
    messages.success(
        request, _("已提交，等待%(who)s核实。") % {"who": rules.names_of(rules.verifiers_of(report.assignment))}
    )
    following = queries.first_unfinished(request.viewer, report.round)
    if following is not None and following.state in queries.UNWRITTEN:
        return redirect("progress:report", pk=following.pk)
    return redirect("progress:report", pk=pk)


@require_POST
@needs(*READERS)
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Take a submitted report back."""
    find(request, pk)
    try:
        act.withdraw_report(request.viewer, pk=pk)
    except Refused as refusal:
        return _refused(request, pk, refusal)
    messages.success(request, _("已撤回，可以继续修改。"))
    return redirect("progress:report", pk=pk)


@require_POST
@needs(*READERS)
def reopen(request: Request, pk: int) -> HttpResponse:
    """Open a verified report again."""
    find(request, pk)
    try:
        act.reopen_report(request.viewer, pk=pk, reason=request.POST.get("reason", ""))
    except Refused as refusal:
        return _refused(request, pk, refusal)
    messages.success(request, _("已重新打开，由填报单位补正。"))
    return redirect("progress:report", pk=pk)
