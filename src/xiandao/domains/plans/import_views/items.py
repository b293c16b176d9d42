"""Corrections of single items: looking closer, accept, reject, restore, merge, edit, split, add."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from xiandao.domains.orgs.permission import Refused
from xiandao.domains.plans.actions import imports as actions
from xiandao.domains.plans.actions.imports.drafts import PARENTS
from xiandao.domains.plans.actions.imports.guess import guessed, heading
from xiandao.domains.plans.actions.imports.places import as_quote
from xiandao.domains.plans.import_forms import (
    ITEM_FORMS,
    ItemForm,
    SplitDutyForm,
    SplitMeasureForm,
    initial_of,
)
from xiandao.domains.plans.import_views.access import (
    CONFLICT,
    INVALID,
    Request,
    add_faults,
    bench_context,
    bench_page,
    done,
    form_answer,
    number,
    readers,
    refused,
    shown,
    writers,
)
from xiandao.domains.plans.import_views.pages import differing, form_page
from xiandao.domains.plans.models.drafts import Correction, DraftItem, ImportState, ItemKind, PlanImport
from xiandao.domains.plans.queries import imports as queries
from xiandao.domains.plans.queries.imports import Row

PREFIXES = ("first", "second")


def _rows(found: PlanImport) -> list[Row]:
    return queries.tree(DraftItem.objects.filter(plan_import=found))


def _row(rows: list[Row], key: str) -> Row:
    row = next((row for row in rows if row.key == key), None)
    if row is None:
        raise Http404
    return row


@require_GET
@readers
def detail(request: Request, found: PlanImport, key: str) -> HttpResponse:
    """Show one item closer: its words, its doubts, what can be done with it."""
    _row(_rows(found), key)
    if not request.htmx:
        return bench_page(request, found, current=key)
    context = bench_context(request, found, current=key)
    row = context["bench"].current
    if row is None:
        raise Http404
    return form_answer(request, "_detail.html", {**context, "row": row})


def _change(
    request: Request,
    found: PlanImport,
    key: str,
    action: Callable[..., Correction],
    message: str,
    **fields: Any,
) -> HttpResponse:
    """Run an action on an item as it was shown and answer."""
    advance, texts = fields.pop("advance", False), fields.pop("texts", True)
    try:
        correction = action(request.viewer, pk=found.pk, key=key, revision=number(request, "revision"), **fields)
    except Refused as refusal:
        return refused(request, found, refusal, current=key)
    return done(request, found, current=correction.key, message=message, texts=texts, advance=advance)


@require_POST
@writers
def accept(request: Request, found: PlanImport, key: str) -> HttpResponse:
    """Accept an item, with `branch` also what stands under it, and go on to the next."""
    branch = bool(request.GET.get("branch"))
    message = _("已接受 %(key)s 及其下各条。") if branch else _("已接受 %(key)s。")
    return _change(
        request, found, key, actions.accept, message % {"key": key}, branch=branch, texts=False, advance=True
    )


@require_POST
@writers
def reject(request: Request, found: PlanImport, key: str) -> HttpResponse:
    """Leave an item out and go on to the next."""
    reason = request.POST.get("reason", "")[:500]
    return _change(
        request, found, key, actions.reject, _("已剔除 %(key)s。") % {"key": key}, reason=reason, advance=True
    )


@require_POST
@writers
def restore(request: Request, found: PlanImport, key: str) -> HttpResponse:
    """Take a rejected item back in."""
    return _change(request, found, key, actions.restore, _("已恢复 %(key)s，请核对。") % {"key": key})


@require_POST
@writers
def merge(request: Request, found: PlanImport, key: str) -> HttpResponse:
    """Merge an item into the one before it."""
    return _change(request, found, key, actions.merge, _("已把 %(key)s 并入上一条。") % {"key": key})


@form_page
@writers
def edit(request: Request, found: PlanImport, key: str) -> HttpResponse:
    """Correct an item's fields."""
    rows = _rows(found)
    row = next((row for row in rows if row.key == key), None)
    if row is None:
        return _gone(request, found, key)
    initial = initial_of(row.draft, found.source_text)
    form = _item_form(row.kind, rows, found, data=request.POST if request.method == "POST" else None, initial=initial)
    context = {"import": found, "row": row, "form": form, "slot": f"#detail-{key}", "show": shown(request)}
    context["revision"] = row.item.revision
    if request.method == "GET":
        return form_answer(request, "_edit.html", context)
    context["revision"] = number(request, "revision")
    if not form.is_valid():
        return form_answer(request, "_edit.html", context, status=INVALID)
    return _save(request, found, context, initial)


def _save(request: Request, found: PlanImport, context: dict[str, Any], initial: dict[str, Any]) -> HttpResponse:
    """Save a checked form; if somebody else was faster show both, and keep what she typed."""
    form, key = context["form"], context["row"].key
    fields = {"data": form.fields_of_item(), "span": form.place, "parent": form.parent_key()}
    try:
        actions.edit(request.viewer, pk=found.pk, key=key, revision=context["revision"], **fields)
    except actions.Changed as changed:
        if changed.item is None:
            return refused(request, found, changed)
        context |= {"changed": changed, "other": differing(form, initial), "revision": changed.item.revision}
        return form_answer(request, "_edit.html", context, status=CONFLICT)
    except Refused as refusal:
        add_faults(form, refusal)
        return form_answer(request, "_edit.html", context, status=INVALID)
    return done(request, found, current=key, message=_("已修改 %(key)s。") % {"key": key})


def _gone(request: Request, found: PlanImport, key: str) -> HttpResponse:
    """Answer for an item that is not there (any more)."""
    if request.method == "GET" or found.state != ImportState.REVIEW:
        raise Http404
    return refused(request, found, Refused(_("条目 %(key)s 已不在：它被合并或撤销了。") % {"key": key}))


def _item_form(
    kind: ItemKind,
    rows: list[Row],
    found: PlanImport,
    *,
    data: Any = None,
    initial: dict[str, Any] | None = None,
    prefix: str | None = None,
) -> ItemForm:
    """Return the form of a kind of item, with what an item of it may stand under."""
    return ITEM_FORMS[kind](data, initial=initial, prefix=prefix, text=found.source_text, parents=_parents(kind, rows))


def _parents(kind: ItemKind, rows: list[Row]) -> list[tuple[str, str]]:
    choices = [("", _("（总体，不属于任何任务）"))] if None in PARENTS[kind] else []
    if kind == ItemKind.ACTION:
        return []
    return choices + [(row.key, f"{row.key} {row.title}") for row in rows if row.kind in PARENTS[kind] and not row.out]


@form_page
@writers
def split(request: Request, found: PlanImport, key: str) -> HttpResponse:
    """Split a measure, a target, or the list of a duty."""
    rows = _rows(found)
    row = next((row for row in rows if row.key == key), None)
    if row is None:
        return _gone(request, found, key)
    if not row.may_split:
        return refused(request, found, Refused(_("这一条目不能拆分。")), current=key)
    if row.kind == ItemKind.MEASURE:
        return _split_measure(request, found, row)
    if row.kind == ItemKind.DUTY:
        return _split_duty(request, found, row)
    return _split_quantity(request, found, row, rows)


def _split_answer(
    request: Request, found: PlanImport, row: Row, splitting: list[forms.Form], refusal: Refused | None
) -> HttpResponse:
    """Answer with the form for splitting; after a refusal with the reason beside the field."""
    context = {"import": found, "row": row, "forms": splitting, "slot": f"#detail-{row.key}", "show": shown(request)}
    context["revision"] = row.item.revision if request.method == "GET" else number(request, "revision")
    if request.method == "GET":
        return form_answer(request, "_split.html", context)
    if isinstance(refusal, actions.Changed) and refusal.item is not None:
        context |= {"changed": refusal, "revision": refusal.item.revision}
        return form_answer(request, "_split.html", context, status=CONFLICT)
    if refusal is not None:
        add_faults(splitting[0], refusal)
    return form_answer(request, "_split.html", context, status=INVALID)


def _try_split(
    request: Request,
    found: PlanImport,
    row: Row,
    splitting: list[Any],
    *,
    action: Callable[..., Correction],
    fields: Callable[[], dict[str, Any]],
) -> HttpResponse:
    """Check the forms, run the action, answer."""
    if request.method == "GET" or not all([form.is_valid() for form in splitting]):  # noqa: C419 — every form shows its faults
        return _split_answer(request, found, row, splitting, None)
    try:
        action(request.viewer, pk=found.pk, key=row.key, revision=number(request, "revision"), **fields())
    except Refused as refusal:
        return _split_answer(request, found, row, splitting, refusal)
    return done(request, found, current=row.key, message=_("已拆分 %(key)s。") % {"key": row.key})


def _split_measure(request: Request, found: PlanImport, row: Row) -> HttpResponse:
    text, within = found.source_text, row.draft.span
    if within is None:
        return refused(request, found, Refused(_("这条任务没有原文位置，不能拆分。")), current=row.key)
    form = SplitMeasureForm(request.POST if request.method == "POST" else None, text=text, within=within)

    def fields() -> dict[str, Any]:
        guess = heading(text[form.at : within[1]])
        no, title = form.cleaned_data["no"], form.cleaned_data["title"]
        return {"at": form.at, "no": no or guess["no"], "title": title or guess["title"]}

    return _try_split(request, found, row, [form], action=actions.split_measure, fields=fields)


def _split_duty(request: Request, found: PlanImport, row: Row) -> HttpResponse:
    data = row.draft.data
    names = [*data["lead"], *data["with"]]
    initial = {"leading": str(len(data["lead"]))}
    form = SplitDutyForm(request.POST if request.method == "POST" else None, names=names, initial=initial)

    def fields() -> dict[str, Any]:
        return {"leading": form.cleaned_data["leading"]}

    return _try_split(request, found, row, [form], action=actions.split_duty, fields=fields)


def _split_quantity(request: Request, found: PlanImport, row: Row, rows: list[Row]) -> HttpResponse:
    initial = initial_of(row.draft, found.source_text)
    data = request.POST if request.method == "POST" else None
    first, second = (_item_form(row.kind, rows, found, data=data, initial=initial, prefix=p) for p in PREFIXES)
    for form in (first, second):
        form.fields["parent"].widget = forms.HiddenInput()

    def fields() -> dict[str, Any]:
        return {name: (form.fields_of_item(), form.place) for name, form in (("first", first), ("second", second))}

    return _try_split(request, found, row, [first, second], action=actions.split_quantity, fields=fields)


@form_page
@writers
def add(request: Request, found: PlanImport) -> HttpResponse:
    """Add an item the compiler did not find, from selected or typed words."""
    asked = request.POST.get("add") or request.GET.get("kind", "")
    if asked not in ItemKind.values:
        raise Http404
    kind = ItemKind(asked)
    rows = _rows(found)
    initial = _add_initial(request, found, kind, rows) if request.method == "GET" else {}
    form = _item_form(kind, rows, found, data=request.POST if request.method == "POST" else None, initial=initial)
    context = {"import": found, "kind": kind, "form": form, "slot": "#add-slot", "show": shown(request)}
    if request.method == "GET":
        return form_answer(request, "_add.html", context)
    if not form.is_valid():
        return form_answer(request, "_add.html", context, status=INVALID)
    try:
        correction = actions.add(
            request.viewer,
            pk=found.pk,
            kind=kind,
            parent=form.parent_key(),
            data=form.fields_of_item(),
            span=form.place,
        )
    except Refused as refusal:
        add_faults(form, refusal)
        return form_answer(request, "_add.html", context, status=INVALID)
    return done(request, found, current=correction.key, message=_("已补充 %(key)s。") % {"key": correction.key})


def _add_initial(request: Request, found: PlanImport, kind: ItemKind, rows: list[Row]) -> dict[str, Any]:
    """Return what the form for a new item begins with: the selected words, what they seem to say, where they stand."""
    start, end = (request.GET.get(name, "") for name in ("start", "end"))
    selected = start.isdecimal() and end.isdecimal() and int(start) < int(end) <= len(found.source_text)
    place = (int(start), int(end)) if selected else None
    initial: dict[str, Any] = {"parent": _likely_parent(kind, rows, place, request.GET.get("item", ""))}
    if place is None:
        return initial
    words = found.source_text[slice(*place)]
    guess = guessed(kind, words, found.source_text[: place[0]][-300:])
    if kind == ItemKind.DUTY:
        guess |= {"lead": "\n".join(guess["lead"]), "helping": "\n".join(guess["with"])}
    return initial | guess | {"start": place[0], "end": place[1], "quote": as_quote(words)}


def _likely_parent(kind: ItemKind, rows: list[Row], place: tuple[int, int] | None, item: str) -> str:
    """Return what a new item most likely stands under: the section around its words, or that of the item looked at."""
    above = [row for row in rows if row.kind in PARENTS[kind] and not row.out]
    if place is not None:
        around = [r for r in above if r.draft.span and r.draft.span[0] <= place[0] < r.draft.span[1]]
        before = [r for r in above if r.draft.span and r.draft.span[0] <= place[0]] if kind == ItemKind.MEASURE else []
        found = around[-1:] or before[-1:]
        return found[0].key if found else ""
    parents = {row.key: row.draft.parent for row in rows}
    allowed = {row.key for row in above}
    key: str | None = item
    while key and key not in allowed:
        key = parents.get(key)
    return key or ""
