"""The planning page of one target: baseline, path, shares, and everything that was recorded before."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiandao.domains.audit.queries import history
from xiandao.domains.orgs.access import CONFLICT, REFUSED, Request
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.plans.models import Target
from xiandao.domains.progress.actions.targets import remove_path, set_baseline, set_path
from xiandao.domains.progress.actions.targets_check import BadFields, object_key
from xiandao.domains.progress.figures.goals import points_of, span_of, unjudged
from xiandao.domains.progress.figures.status import statuses
from xiandao.domains.progress.figures.sums import Facts, exact, facts_of
from xiandao.domains.progress.models import BaselineKind
from xiandao.domains.progress.queries.targets import confirmers_of, records_of
from xiandao.domains.progress.views.planning_access import READERS, about_target
from xiandao.domains.progress.views.planning_parse import day_in, number_in
from xiandao.domains.shared.format import number
from xiandao.kernel import Period, PeriodKind

STEPS = {"year": PeriodKind.YEAR, "half": PeriodKind.HALF, "quarter": PeriodKind.QUARTER}


@about_target(*READERS)
def target_plan(request: Request, target: Target) -> HttpResponse:
    """Show how a target is planned; the coordinator changes it here."""
    return _page(request, target)


def _page(
    request: Request,
    target: Target,
    *,
    typed: dict[str, Any] | None = None,
    faults: dict[str, str] | None = None,
    alert: str = "",
    status: int = 200,
) -> HttpResponse:
    records = records_of(request.viewer, target)
    (fact,) = facts_of([target])
    step = request.POST.get("step") or request.GET.get("step") or ""
    context = {
        "target": target,
        "version": target.version,
        "records": records,
        "status": statuses([target], as_of=timezone.now())[target.pk],
        "unjudged": unjudged(fact),
        "may_steer": request.viewer.can(Can.STEER),
        "confirmers": confirmers_of(target),
        "points": _points(fact, records, step, typed or {}, faults or {}),
        "step": step if step in STEPS else "year",
        "typed": typed or {},
        "faults": faults or {},
        "alert": alert,
        "today": timezone.localdate(),
        "history": history(kind="target", key=object_key(target)),
    }
    return render(request, "progress/planning/target.html", context, status=status)


def _points(
    fact: Facts, records: Any, step: str, typed: dict[str, Any], faults: dict[str, str]
) -> list[dict[str, Any]]:
    """Return the rows of the path's form: ends of periods between start and deadline, with what is known of each."""
    span = span_of(fact)
    if span is None:
        return []
    kept = dict(points_of(records.path))
    days = list(kept) if kept and step not in STEPS else _ends(span, STEPS.get(step, PeriodKind.YEAR))
    rows = []
    for day in days:
        name = day.isoformat()
        value = kept.get(day)
        if day == span[1] and value is None:
            value = fact.value
        rows.append(
            {
                "day": day,
                "name": name,
                "value": typed.get(name, "" if value is None else number(exact(value)).replace(",", "")),
                "fault": faults.get(name, ""),
                "last": day == span[1],
            }
        )
    return rows


def _ends(span: tuple[dt.date, dt.date], kind: PeriodKind) -> list[dt.date]:
    first, last = Period.covering(span[0], kind), Period.covering(span[1], kind)
    return [period.end for period in Period.range(first, last) if span[0] < period.end <= span[1]]


def _refused(request: Request, target: Target, refusal: Refused, typed: dict[str, Any], **names: str) -> HttpResponse:
    """Answer a change that was refused: each fault beside its field, what was typed still there."""
    found = refusal.faults if isinstance(refusal, BadFields) else [("", str(refusal.reason))]
    faults: dict[str, str] = {}
    for field, sentence in found:
        name = names.get(field, field)
        faults[name] = f"{faults.get(name, '')}{sentence}"
    alert = faults.pop("", "") or _("没有保存：请按提示修改。")
    status = CONFLICT if isinstance(refusal, Conflict) else REFUSED
    return _page(request, target, typed=typed, faults=faults, alert=alert, status=status)


@require_POST
@about_target(Can.STEER)
def target_baseline(request: Request, target: Target) -> HttpResponse:
    """Record a baseline."""
    typed = {name: request.POST.get(name, "") for name in ("kind", "value", "as_of", "source")}
    faults = []
    value, as_of = None, None
    try:
        value = number_in(typed["value"])
    except ValueError as error:
        faults.append(("value", str(error)))
    try:
        as_of = day_in(typed["as_of"])
    except ValueError as error:
        faults.append(("as_of", str(error)))
    if as_of is None and not faults:
        faults.append(("as_of", _("请填写截至日期。")))
    if typed["kind"] not in BaselineKind.values:
        faults.append(("kind", _("请选择口径。")))
    try:
        if faults or as_of is None:
            raise BadFields(faults)
        set_baseline(
            request.viewer,
            plan=target.version.plan.code,
            key=target.key,
            kind=BaselineKind(typed["kind"]),
            value=value,
            as_of=as_of,
            source=typed["source"],
        )
    except Refused as refusal:
        return _refused(request, target, refusal, typed, source="baseline-source")
    messages.success(request, _("已登记基数。"))
    return redirect("progress:target-plan", target.version.plan.code, target.key)


@require_POST
@about_target(Can.STEER)
def target_path(request: Request, target: Target) -> HttpResponse:
    """Set the path: one value for each day of the form; days left empty are no points."""
    days = [name for name in request.POST if len(name) == 10 and name[:4].isdecimal()]  # noqa: PLR2004 — an ISO day
    typed = {name: request.POST[name] for name in days} | {"path-source": request.POST.get("path-source", "")}
    faults: list[tuple[str, str]] = []
    points: list[tuple[dt.date, Decimal]] = []
    for name in days:
        try:
            day, value = dt.date.fromisoformat(name), number_in(request.POST[name])
        except ValueError as error:
            faults.append((name, str(error)))
            continue
        if value is not None:
            points.append((day, value))
    try:
        if faults:
            raise BadFields(faults)
        set_path(
            request.viewer,
            plan=target.version.plan.code,
            key=target.key,
            points=sorted(points),
            source=typed["path-source"],
        )
    except Refused as refusal:
        return _refused(request, target, refusal, typed, source="path-source")
    messages.success(request, _("已设定进度安排。"))
    return redirect("progress:target-plan", target.version.plan.code, target.key)


@require_POST
@about_target(Can.STEER)
def target_path_remove(request: Request, target: Target) -> HttpResponse:
    """Take the path back."""
    reason = request.POST.get("text", "")
    try:
        remove_path(request.viewer, plan=target.version.plan.code, key=target.key, reason=reason)
    except Refused as refusal:
        return _refused(request, target, refusal, {"remove": reason})
    messages.success(request, _("已撤销进度安排，按直线推算。"))
    return redirect("progress:target-plan", target.version.plan.code, target.key)
