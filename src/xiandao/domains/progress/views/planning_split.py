"""Splitting a measure: the form, the page that shows exactly what will be split, and taking a split back."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiandao.domains.audit.queries import history
from xiandao.domains.orgs.access import CONFLICT, REFUSED, Request
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import Organisation
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.plans.models import Measure
from xiandao.domains.progress.actions.subtasks import MOST, Part, check_split, split_measure, withdraw_split
from xiandao.domains.progress.actions.targets_check import BadFields
from xiandao.domains.progress.queries.targets import bodies_by_name, split_of
from xiandao.domains.progress.views.planning_access import READERS, about_measure
from xiandao.domains.progress.views.planning_parse import day_in, number_in

FIELDS = ("name", "weight", "due_on", "lead", "helping", "note")
FIRST_ROWS = 3
Rows = list[dict[str, str]]
Faults = dict[str, str]


@about_measure(*READERS)
def measure_split(request: Request, measure: Measure) -> HttpResponse:
    """Show how a measure is split; the coordinator splits it in two steps: fill in, then see all of it and confirm."""
    if request.method == "POST" and not request.viewer.can(Can.STEER):
        raise Http404
    if request.method != "POST":
        return _page(request, measure, [dict.fromkeys(FIELDS, "") for _n in range(FIRST_ROWS)])
    rows = _rows(request.POST)
    if "more" in request.POST:
        return _page(request, measure, [*rows, dict.fromkeys(FIELDS, "")][:MOST])
    if "edit" in request.POST:
        return _page(request, measure, rows)
    parts, faults = _parts(rows)
    plan = measure.version.plan.code
    try:
        if faults:
            raise BadFields(faults.items())
        if "confirmed" in request.POST:
            made = split_measure(request.viewer, plan=plan, measure=measure.key, parts=parts)
            messages.success(request, _("已拆分为 %(n)s 个子任务。") % {"n": len(made)})
            return redirect("progress:measure-split", plan, measure.key)
        check_split(request.viewer, plan=plan, measure=measure.key, parts=parts)
    except Refused as refusal:
        listed = dict(refusal.faults) if isinstance(refusal, BadFields) else {"": str(refusal.reason)}
        status = CONFLICT if isinstance(refusal, Conflict) else REFUSED
        return _page(request, measure, rows, faults=listed, status=status)
    return render(request, "progress/planning/split_confirm.html", _prospect(measure, rows, parts))


def _rows(posted: Mapping[str, str]) -> Rows:
    """Return what was typed, row by row; rows left wholly empty are no sub-tasks but keep their place."""
    rows = []
    for place in range(1, MOST + 1):
        if f"{place}.name" not in posted:
            break
        rows.append({field: posted.get(f"{place}.{field}", "") for field in FIELDS})
    return rows


def _parts(rows: Rows) -> tuple[list[Part], Faults]:
    """Return the sub-tasks typed, and what cannot be read of them; fault keys count the rows that are filled in."""
    names = bodies_by_name()
    parts: list[Part] = []
    faults: Faults = {}
    filled = [row for row in rows if any(value.strip() for value in row.values())]
    for place, row in enumerate(filled, 1):
        weight = due_on = None
        try:
            weight = number_in(row["weight"])
        except ValueError as error:
            faults[f"{place}.weight"] = str(error)
        try:
            due_on = day_in(row["due_on"])
        except ValueError as error:
            faults[f"{place}.due_on"] = str(error)
        lead = names.get(row["lead"].strip())
        if lead is None:
            faults[f"{place}.lead"] = _unknown_body(row["lead"])
        helping, unknown = _bodies(row["helping"], names)
        if unknown:
            faults[f"{place}.helping"] = " ".join(_unknown_body(name) for name in unknown)
        if lead is not None:
            parts.append(
                Part(row["name"], Decimal(1) if weight is None else weight, lead, helping, due_on, row["note"])
            )
    return parts, faults


def _bodies(text: str, names: Mapping[str, Organisation]) -> tuple[tuple[Organisation, ...], list[str]]:
    wanted = [name.strip() for name in text.replace("，", "、").replace(",", "、").replace("\n", "、").split("、")]
    found = [(name, names.get(name)) for name in wanted if name]
    return tuple(body for _name, body in found if body), [name for name, body in found if body is None]


def _unknown_body(name: str) -> str:
    if not name.strip():
        return _("请填写牵头单位。")
    return _("没有叫“%(name)s”的单位，或不止一个：请按责任单位列表中的名称填写。") % {"name": name.strip()[:40]}


def _prospect(measure: Measure, rows: Rows, parts: list[Part]) -> dict[str, Any]:
    total = sum((part.weight for part in parts), Decimal(0))
    return {
        "measure": measure,
        "version": measure.version,
        "rows": [row for row in rows if any(value.strip() for value in row.values())],
        "parts": [(part, part.weight / total) for part in parts],
        "duties": sum(len(part.bodies) for part in parts),
    }


def _page(
    request: Request,
    measure: Measure,
    rows: Rows,
    *,
    faults: Faults | None = None,
    alert: str = "",
    status: int = 200,
) -> HttpResponse:
    found = faults or {}
    filled = 0
    shown = []
    for row in rows:
        filled += any(value.strip() for value in row.values())
        mine = {field: found.get(f"{filled}.{field}", "") for field in FIELDS} if any(row.values()) else {}
        shown.append({"values": row, "faults": mine})
    plan = measure.version.plan
    context = {
        "measure": measure,
        "version": measure.version,
        "split": split_of(request.viewer, plan_id=plan.pk, measure_key=measure.key),
        "rows": shown,
        "alert": alert or found.get("", ""),
        "may_steer": request.viewer.can(Can.STEER),
        "names": sorted({body.name for body in bodies_by_name().values()}) if request.viewer.can(Can.STEER) else [],
        "history": history(kind="measure", key=f"{plan.code}/{measure.key}"),
    }
    return render(request, "progress/planning/split.html", context, status=status)


@require_POST
@about_measure(Can.STEER)
def measure_split_withdraw(request: Request, measure: Measure) -> HttpResponse:
    """Take a split back."""
    plan = measure.version.plan.code
    try:
        parts = withdraw_split(request.viewer, plan=plan, measure=measure.key, reason=request.POST.get("text", ""))
    except Refused as refusal:
        status = CONFLICT if isinstance(refusal, Conflict) else REFUSED
        rows = [dict.fromkeys(FIELDS, "") for _n in range(FIRST_ROWS)]
        return _page(request, measure, rows, alert=str(refusal.reason), status=status)
    messages.success(request, _("已撤销 %(n)s 个子任务。") % {"n": len(parts)})
    return redirect("progress:measure-split", plan, measure.key)
