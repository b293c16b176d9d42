"""One entry: its page, entering it by hand, correcting it, and the steps it takes."""

import datetime as dt
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiandao.domains.audit.queries import history
from xiandao.domains.ledger import rules
from xiandao.domains.ledger.actions import correct, enter, evaluate, move, set_validity
from xiandao.domains.ledger.actions.log import KIND
from xiandao.domains.ledger.forms import CorrectionForm, EntryForm, as_given, pairs
from xiandao.domains.ledger.models import Entry, HolderRole
from xiandao.domains.ledger.queries import entries as queries
from xiandao.domains.ledger.registry import kind_of
from xiandao.domains.ledger.views.listing import chip, place_name
from xiandao.domains.orgs.access import CONFLICT, REFUSED, Request, needs
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.progress.faults import BadFields
from xiandao.domains.progress.measure_names import target_names
from xiandao.domains.progress.models import ResultCount

_LONGEST = 2000


def _entry(request: Request, code: str) -> Entry:
    try:
        return queries.entry(request.viewer, code)
    except Entry.DoesNotExist:
        raise Http404 from None


def told(form: forms.Form, refusal: Refused) -> int:
    """Write a refusal into a form, beside its fields where it names them, and return the status of the answer."""
    if isinstance(refusal, BadFields):
        for field, sentence in refusal.faults:
            form.add_error(field if field in form.fields else None, sentence)
        return REFUSED
    form.add_error(None, str(refusal.reason))
    return CONFLICT if isinstance(refusal, Conflict) else REFUSED


def page(request: Request, code: str) -> HttpResponse:
    """Show one entry."""
    return _page(request, _entry(request, code))


def _page(
    request: Request, entry: Entry, *, alert: str = "", kept: dict[str, str] | None = None, status: int = 200
) -> HttpResponse:
    viewer = request.viewer
    inside = queries.sees_inside(viewer, entry)
    held = [row for row in entry.holders.all() if inside or row.role != HolderRole.PERSON]
    counts = ResultCount.objects.filter(result=entry.result_id).select_related("plan") if entry.result_id else []
    named = entry.targets.select_related("plan")
    context = {
        "entry": entry,
        "chip": chip(entry),
        "places": [place_name(region) for region in entry.regions.all()],
        "holders": held,
        "hidden": len(entry.holders.all()) - len(held),
        "firms": queries.readable_firms(viewer, entry),
        "counts": counts,
        "counting": any(count.void_at is None for count in counts),
        "named": named,
        "targets": target_names(),
        "sees_results": viewer.can(Can.READ_PROGRESS),
        "inside": inside,
        "evaluations": entry.evaluations.all() if inside else [],
        "events": entry.events.all(),
        "may_keep": rules.may_keep(viewer, entry),
        "moves": rules.moves_of(entry.state),
        "scale": kind_of(entry.kind).scale,
        "today": timezone.localdate(),
        "history": history(kind=KIND, key=entry.code) if inside else [],
        "alert": alert,
        "kept": kept or {},
    }
    return render(request, "ledger/entry.html", context, status=status)


@needs(Can.KEEP_LEDGER)
def new(request: Request) -> HttpResponse:
    """Enter one thing by hand."""
    kind = request.GET.get("kind", "")
    served = [f"{plan}:{key}" for plan, key in kind_of(kind).serves] if kind else []
    form = EntryForm(request.POST or None, initial={"kind": kind, "serves": served})
    status = 200
    if request.method == "POST":
        status = REFUSED
        if form.is_valid():
            try:
                entry = _entered(request, form)
            except Refused as refusal:
                status = told(form, refusal)
            else:
                messages.success(request, _("已登记，编号 %(code)s。") % {"code": entry.code})
                return redirect("ledger:entry", code=entry.code)
    return render(request, "ledger/new.html", {"form": form}, status=status)


def _entered(request: Request, form: EntryForm) -> Entry:
    given, kind = dict(form.cleaned_data), form.chosen()
    plain = (
        *("name", "holders", "decided_on", "decision", "decision_number", "decided_by", "level", "public"),
        *("valid_from", "valid_to", "evaluate_on", "note_text", "elsewhere", "source"),
    )
    return enter(
        request.viewer,
        kind=kind.code,
        kind_name=kind.name,
        regions=[region.pk for region in given["regions"]],
        industries=[industry.pk for industry in given["industries"]],
        serves=pairs(given["serves"]),
        **{field: given[field] for field in plain},
    )


@needs(Can.KEEP_LEDGER)
def edit(request: Request, code: str) -> HttpResponse:
    """Correct an entry."""
    entry = _entry(request, code)
    allowed = rules.may_keep(request.viewer, entry)
    if not allowed:
        return _page(request, entry, alert=str(allowed.reason), status=REFUSED)
    form = CorrectionForm(request.POST or None, initial=as_given(entry))
    status = 200
    if request.method == "POST":
        status = REFUSED
        if form.is_valid():
            try:
                _corrected(request, entry, form)
            except Refused as refusal:
                status = told(form, refusal)
            else:
                messages.success(request, _("已更正。"))
                return redirect("ledger:entry", code=entry.code)
    return render(request, "ledger/edit.html", {"form": form, "entry": entry}, status=status)


def _corrected(request: Request, entry: Entry, form: CorrectionForm) -> None:
    given = form.cleaned_data
    fields = ("name", "level", "decided_on", "decision", "decision_number", "public", "note")
    correct(
        request.viewer,
        code=entry.code,
        reason=given["reason"],
        fields={field: given[field] for field in fields},
        regions=[region.pk for region in given["regions"]],
        industries=[industry.pk for industry in given["industries"]],
        serves=pairs(given["serves"]),
        revision=given["revision"],
    )


def _day(request: Request, name: str) -> dt.date | None:
    """Return a day posted; None where it was left empty. Raises BadFields where it is none."""
    text = request.POST.get(name, "").strip()
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise BadFields([(name, _("日期写作 2026-03-31，这里是“%(text)s”。") % {"text": text[:20]})]) from None


def _number(request: Request, name: str) -> Decimal | None:
    """Return a number posted; None where it was left empty. Raises BadFields where it is none or does not fit."""
    text = request.POST.get(name, "").strip()
    try:
        found = Decimal(text) if text else None
    except InvalidOperation:
        found = Decimal("NaN")
    if found is not None and not (found.is_finite() and 0 <= found < 100_000):  # noqa: PLR2004 — the column's width
        raise BadFields([(name, _("得分写作数字，例如 86.5，这里是“%(text)s”。") % {"text": text[:20]})])
    return found


def _text(request: Request, name: str) -> str:
    return request.POST.get(name, "")[:_LONGEST]


def _move(request: Request, code: str) -> None:
    step = request.POST.get("step", "")
    if step not in rules.MOVES:
        raise BadFields([("step", _("请选择办理什么。"))])
    revision = request.POST.get("revision", "")
    move(
        request.viewer,
        code=code,
        step=step,
        reason=_text(request, "reason"),
        on=_day(request, "on"),
        term=_day(request, "term"),
        revision=int(revision) if revision.isascii() and revision.isdigit() else None,
    )


def _evaluate(request: Request, code: str) -> None:
    evaluate(
        request.viewer,
        code=code,
        period=_text(request, "period")[:20],
        grade=_text(request, "grade")[:60],
        score=_number(request, "score"),
        conclusion=_text(request, "conclusion"),
        on=_day(request, "on") or timezone.localdate(),
        next_on=_day(request, "next_on"),
    )


def _validity(request: Request, code: str) -> None:
    set_validity(
        request.viewer,
        code=code,
        valid_from=_day(request, "valid_from"),
        valid_to=_day(request, "valid_to"),
        evaluate_on=_day(request, "evaluate_on"),
        reason=_text(request, "reason"),
    )


_STEPS = {"move": _move, "evaluate": _evaluate, "validity": _validity}


@require_POST
@needs(Can.KEEP_LEDGER)
def step(request: Request, code: str, step: str) -> HttpResponse:
    """Take a step with an entry; a refusal keeps what was typed."""
    if step not in _STEPS:
        raise Http404
    entry = _entry(request, code)
    try:
        _STEPS[step](request, entry.code)
    except Refused as refusal:
        status = CONFLICT if isinstance(refusal, Conflict) else REFUSED
        kept: dict[str, Any] = {name: str(value) for name, value in request.POST.items()} | {"form": step}
        return _page(request, _entry(request, code), alert=str(refusal.reason), kept=kept, status=status)
    messages.success(request, _("已办理。"))
    return redirect("ledger:entry", code=code)
