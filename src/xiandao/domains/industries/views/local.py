"""Cities' own lists: which there are, taking one down, mapping its lines to the province's segments, side by side."""

import re
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xiandao.domains.audit.queries import history
from xiandao.domains.industries.actions import local as act
from xiandao.domains.industries.models import LocalList, Relation
from xiandao.domains.industries.queries.catalogue import in_force
from xiandao.domains.industries.queries.targets import Suggester, segments, uncovered
from xiandao.domains.industries.views.forms import LocalListForm
from xiandao.domains.orgs.access import CONFLICT, REFUSED, Request, needs
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.shared import excel

_CODE = re.compile(r"([a-z0-9-]+/[a-z0-9-]+)\s*[)）]?\s*$")
_PER_PAGE = 50


@require_GET
def lists(request: Request) -> HttpResponse:
    """Show the lists with how many lines are mapped."""
    rows = LocalList.objects.select_related("region").annotate(
        total=Count("items", distinct=True),
        mapped=Count("items", filter=Q(items__links__isnull=False), distinct=True),
    )
    context = {"rows": rows.order_by("region", "name"), "may_add": _may_add(request)}
    return render(request, "industries/catalogue/local/lists.html", context)


def _may_add(request: Request) -> bool:
    return bool(act.may_keep(request.viewer, request.viewer.region))


@require_http_methods(["GET", "POST"])
@needs(Can.EDIT_CATALOGUE, Can.REPORT)
def new(request: Request) -> HttpResponse:
    """Take a list down."""
    if not _may_add(request):
        raise Http404
    whole = request.viewer.can(Can.EDIT_CATALOGUE)
    form = LocalListForm(request.POST or None, region=request.viewer.region, whole=whole)
    alert, status = "", 200
    if request.method == "POST":
        status = REFUSED
        if form.is_valid():
            given = form.cleaned_data
            try:
                row = act.create_list(
                    request.viewer,
                    region=given["region"],
                    name=given["name"],
                    source=given["source"],
                    text=given["lines"],
                )
            except Refused as refusal:
                alert, status = str(refusal.reason), CONFLICT if isinstance(refusal, Conflict) else REFUSED
            else:
                messages.success(request, _("已登记，请逐项对应到省目录。"))
                return redirect("catalogue:local-list", pk=row.pk)
    return render(request, "industries/catalogue/local/new.html", {"form": form, "alert": alert}, status=status)


def _list(pk: int) -> LocalList:
    row = LocalList.objects.select_related("region").filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


@require_GET
def page(request: Request, pk: int) -> HttpResponse:
    """Show one list beside the province's catalogue."""
    return _page(request, _list(pk))


def _page(request: Request, row: LocalList, *, alert: str = "", status: int = 200) -> HttpResponse:
    version = in_force()
    keeps = bool(act.may_keep(request.viewer, row.region_id))
    every = row.items.prefetch_related("links").order_by("order")
    only = request.GET.get("only", "")
    items = every.filter(links=None) if only == "open" else every
    number = request.GET.get("page", "1")
    start = (int(number) - 1) * _PER_PAGE if number.isdecimal() and 0 < int(number) < 10**4 else 0
    shown = list(items[start : start + _PER_PAGE])
    names = segments(version) if version is not None else {}
    suggester = Suggester(version) if version is not None and keeps else None
    total, mapped = every.count(), every.exclude(links=None).distinct().count()
    context: dict[str, Any] = {
        "row": row,
        "items": [_line(item, names, suggester) for item in shown],
        "total": total,
        "mapped": mapped,
        "open": total - mapped,
        "only": only,
        "page": start // _PER_PAGE + 1,
        "more": items.count() > start + _PER_PAGE,
        "uncovered": uncovered(version, row) if version is not None else [],
        "names": names,
        "relations": Relation.choices,
        "version": version,
        "may_keep": keeps,
        "history": history(kind=act.KIND, key=str(row.pk)),
        "alert": alert,
    }
    return render(request, "industries/catalogue/local/list.html", context, status=status)


def _line(item: Any, names: dict[str, str], suggester: Suggester | None) -> dict[str, Any]:
    links = [(link.target, names.get(link.target, link.target), link.relation, link) for link in item.links.all()]
    have = {link[0] for link in links}
    offered = [each for each in suggester.of(item.name) if each.target not in have] if suggester else []
    return {"item": item, "links": links, "suggestions": offered}


@require_POST
@needs(Can.EDIT_CATALOGUE, Can.REPORT)
def step(request: Request, pk: int, step: str) -> HttpResponse:
    """Map lines, add or remove some, or remove the list."""
    row = _list(pk)
    if not act.may_keep(request.viewer, row.region_id) or step not in ("map", "add", "remove", "delete"):
        raise Http404
    try:
        _do(request, row, step)
    except Refused as refusal:
        status = CONFLICT if isinstance(refusal, Conflict) else REFUSED
        return _page(request, _list(pk), alert=str(refusal.reason), status=status)
    if step == "delete":
        return redirect("catalogue:local-lists")
    back = redirect("catalogue:local-list", pk=pk)
    query = request.META.get("QUERY_STRING", "")
    back["Location"] += f"?{query}" if query else ""
    return back


def _do(request: Request, row: LocalList, step: str) -> None:
    given = request.POST
    if step == "add":
        count = act.add_items(request.viewer, pk=row.pk, text=given.get("lines", ""))
        messages.success(request, _("新增 %(count)s 项。") % {"count": count})
    elif step == "remove":
        chosen = [int(pk) for pk in given.getlist("item") if pk.isdecimal()]
        count = act.remove_items(request.viewer, pk=row.pk, items=chosen)
        messages.success(request, _("删去 %(count)s 项。") % {"count": count})
    elif step == "delete":
        act.remove_list(request.viewer, pk=row.pk, reason=given.get("reason", ""))
        messages.success(request, _("地方目录已删除。"))
    else:
        version = in_force()
        seen = given.get("revision", "")
        count = act.map_items(
            request.viewer,
            pk=row.pk,
            seen=int(seen) if seen.isdecimal() else -1,
            links=_links(given),
            segments=segments(version) if version is not None else (),
        )
        messages.success(request, _("已保存，%(count)s 项有改动。") % {"count": count})


def _links(given: Any) -> dict[int, dict[str, str]]:
    """Return the mapping of the form: `link-ITEM` the segments chosen, `new-ITEM` one written, `how-ITEM-TARGET`."""
    found: dict[int, dict[str, str]] = {}
    for pk in given.getlist("shown"):
        if not pk.isdecimal():
            continue
        written = given.get(f"new-{pk}", "").strip()
        code = _CODE.search(written)
        chosen = [*given.getlist(f"link-{pk}"), *([code[1] if code else written] if written else [])]
        found[int(pk)] = {each: given.get(f"how-{pk}-{each}", Relation.SAME.value) for each in dict.fromkeys(chosen)}
    return found


@require_GET
def export(request: Request, pk: int) -> HttpResponse:
    """Send a list with its mapping as Excel."""
    row = _list(pk)
    version = in_force()
    names = segments(version) if version is not None else {}
    relations = dict(Relation.choices)
    rows = []
    for item in row.items.prefetch_related("links").order_by("order"):
        links = list(item.links.all())
        rows += [
            (item.code, item.name, names.get(link.target, ""), link.target, str(relations[link.relation]))
            for link in links
        ] or [(item.code, item.name, "", "", "")]
    header = (_("代码"), _("名称"), _("省目录环节"), _("环节代码"), _("关系"))
    return excel.response(f"{row.region.label} {row.name}", header, rows)
