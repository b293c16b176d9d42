"""City shares of a target: the matrix the coordinator fills in or pastes, and the page on which they are decided."""

from collections.abc import Sequence
from decimal import Decimal
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
from xiandao.domains.orgs.models import Region
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.plans.models import PlanVersion, Target
from xiandao.domains.progress.actions.targets_check import BadFields, object_key
from xiandao.domains.progress.actions.targets_shares import (
    confirm_shares,
    may_decide,
    propose_shares,
    refuse_shares,
    withdraw_shares,
)
from xiandao.domains.progress.figures.cities import city_lines
from xiandao.domains.progress.figures.sums import exact, facts_of
from xiandao.domains.progress.models import ShareSet
from xiandao.domains.progress.queries.targets import (
    cities_of,
    confirmers_of,
    records_of,
    share_set_by_pk,
    target_in_force,
)
from xiandao.domains.progress.views.planning_access import READERS, about_target
from xiandao.domains.progress.views.planning_parse import number_in
from xiandao.domains.shared.format import number


@about_target(Can.STEER)
def target_shares(request: Request, target: Target) -> HttpResponse:
    """Fill in a share for each city, or paste two columns from Excel, and propose them."""
    cities = list(cities_of(target.version))
    if request.method != "POST":
        return _form(request, target, cities, _present(request, target))
    typed = {city.code: request.POST.get(city.code, "") for city in cities}
    typed["reason"] = request.POST.get("reason", "")
    typed["paste"] = request.POST.get("paste", "")
    if "take" in request.POST:
        found, faults = _pasted(typed["paste"], cities)
        return _form(request, target, cities, typed | found, faults, status=REFUSED if faults else 200)
    shares, faults = _shares(typed, cities)
    try:
        if faults:
            raise BadFields(faults.items())
        made = propose_shares(
            request.viewer, plan=target.version.plan.code, key=target.key, shares=shares, reason=typed["reason"]
        )
    except Refused as refusal:
        listed = refusal.faults if isinstance(refusal, BadFields) else [("", str(refusal.reason))]
        return _form(request, target, cities, typed, dict(listed), status=REFUSED)
    messages.success(request, _("已提出分市份额（%(state)s）。") % {"state": made.get_state_display()})
    return redirect("progress:target-plan", target.version.plan.code, target.key)


def _present(request: Request, target: Target) -> dict[str, str]:
    """Return what stands now: the proposal that waits, else the shares in force."""
    records = records_of(request.viewer, target)
    present = records.proposed or records.confirmed
    if present is None:
        return {}
    shares = {share.region_id: number(share.value).replace(",", "") for share in present.shares.all()}
    return shares | {"reason": present.reason}


def _shares(typed: dict[str, str], cities: Sequence[Region]) -> tuple[dict[str, Decimal], dict[str, str]]:
    shares, faults = {}, {}
    for city in cities:
        try:
            value = number_in(typed[city.code])
        except ValueError as error:
            faults[city.code] = str(error)
            continue
        if value is not None:
            shares[city.code] = value
    return shares, faults


def _pasted(text: str, cities: Sequence[Region]) -> tuple[dict[str, str], dict[str, str]]:
    """Return shares by city from rows of two columns (city, share) or one (shares in the order of the cities)."""
    rows = [[cell.strip() for cell in row.split("\t")] for row in text.splitlines() if row.strip()]
    if not rows:
        return {}, {"paste": _("请粘贴 Excel 中的两列：设区市、份额。")}
    by_name = {name: city.code for city in cities for name in (city.name, city.name.removesuffix("市"), city.code)}
    if all(len(row) == 1 for row in rows):
        if len(rows) != len(cities):
            sentence = _("只有一列时应恰好 %(n)s 行，按下表设区市的次序；现有 %(m)s 行。")
            return {}, {"paste": sentence % {"n": len(cities), "m": len(rows)}}
        return {city.code: row[0] for city, row in zip(cities, rows, strict=True)}, {}
    found: dict[str, str] = {}
    problems = []
    for place, row in enumerate(rows, 1):
        code = by_name.get(row[0])
        if code is None:
            # A head and a row of sums come along with what people copy.
            if place not in {1, len(rows)}:
                problems.append(_("第 %(n)s 行：不认识的设区市“%(name)s”。") % {"n": place, "name": row[0][:20]})
        elif code in found:
            problems.append(_("第 %(n)s 行：%(name)s重复。") % {"n": place, "name": row[0]})
        else:
            found[code] = row[1] if len(row) > 1 else ""
    if not found:
        problems.append(_("没有认出任何设区市：第一列应为设区市名称或代码，第二列为份额。"))
    return found, ({"paste": " ".join(problems)} if problems else {})


def _form(
    request: Request,
    target: Target,
    cities: Sequence[Region],
    typed: dict[str, str],
    faults: dict[str, str] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    (fact,) = facts_of([target])
    given, _faults = _shares({city.code: typed.get(city.code, "") for city in cities}, cities)
    total = exact(sum(given.values(), Decimal(0)))
    lines = city_lines(request.viewer, target, cities, as_of=timezone.now())
    context = {
        "target": target,
        "version": target.version,
        "rows": [
            {
                "line": line,
                "code": line.region.code,
                "value": typed.get(line.region.code, ""),
                "fault": (faults or {}).get(line.region.code, ""),
            }
            for line in lines
        ],
        "typed": typed,
        "faults": faults or {},
        "goal": fact.value,
        "total": total,
        "rest": None if fact.value is None or total is None else exact(fact.value - total),
        "confirmers": confirmers_of(target),
        "own": all(body.pk == request.viewer.organisation_id for body in confirmers_of(target)),
        "records": records_of(request.viewer, target),
    }
    return render(request, "progress/planning/shares.html", context, status=status)


@require_POST
@about_target(Can.STEER)
def target_shares_withdraw(request: Request, target: Target) -> HttpResponse:
    """Take a proposal back."""
    try:
        withdraw_shares(
            request.viewer, plan=target.version.plan.code, key=target.key, reason=request.POST.get("text", "")
        )
    except Refused as refusal:
        messages.error(request, str(refusal.reason))
    else:
        messages.success(request, _("已撤回分市份额建议。"))
    return redirect("progress:target-plan", target.version.plan.code, target.key)


@needs(*READERS)
def share_set(request: Request, pk: int) -> HttpResponse:
    """Show a proposal; the lead department confirms or refuses it here."""
    found, target = _set_and_target(request, pk)
    alert, status = "", 200
    if request.method == "POST":
        act = {"confirm": confirm_shares, "refuse": refuse_shares}.get(request.POST.get("decision", ""))
        if act is None or not request.viewer.can(Can.CONFIRM_SHARES):
            raise Http404
        try:
            act(request.viewer, pk=pk, note=request.POST.get("text", ""))
        except Refused as refusal:
            alert, status = str(refusal.reason), CONFLICT if isinstance(refusal, Conflict) else REFUSED
        else:
            messages.success(request, _("已处理这份分市份额建议。"))
            return redirect("progress:share-set", pk)
        found, target = _set_and_target(request, pk)
    confirmers = confirmers_of(target)
    (fact,) = facts_of([target])
    total = exact(sum((share.value for share in found.shares.all()), Decimal(0)))
    context: dict[str, Any] = {
        "found": found,
        "target": target,
        "version": target.version,
        "confirmers": confirmers,
        "answer": may_decide(request.viewer, found, confirmers),
        "total": total,
        "rest": None if fact.value is None or total is None else exact(fact.value - total),
        "earlier": records_of(request.viewer, target).confirmed,
        "kept": request.POST.get("text", ""),
        "alert": alert,
        "history": history(kind="target", key=object_key(target)),
    }
    return render(request, "progress/planning/share_set.html", context, status=status)


def _set_and_target(request: Request, pk: int) -> tuple[ShareSet, Target]:
    try:
        found = share_set_by_pk(request.viewer, pk)
        return found, target_in_force(request.viewer, found.plan.code, found.target_key)
    except (ShareSet.DoesNotExist, PlanVersion.DoesNotExist, Target.DoesNotExist):
        raise Http404 from None
