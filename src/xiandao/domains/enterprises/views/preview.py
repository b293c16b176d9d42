"""Pages of previews: words tried at once, the whole draft tried in the background, what came of it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRefresh

from xiandao.domains.enterprises.actions.registers_work import in_force
from xiandao.domains.enterprises.models import Decision, EnterpriseRole, Preview
from xiandao.domains.enterprises.preview import actions as act
from xiandao.domains.enterprises.preview.hook import facts
from xiandao.domains.enterprises.preview.instant import MOST_WORDS, try_words
from xiandao.domains.enterprises.queries.firms import may_see_rows
from xiandao.domains.industries.actions.words import lines
from xiandao.domains.industries.models import CatalogueState, CatalogueVersion, Industry
from xiandao.domains.industries.queries import catalogue
from xiandao.domains.orgs.access import Request, needs
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import Region
from xiandao.domains.orgs.permission import Refused

_EDITORS = (Can.EDIT_CATALOGUE, Can.PUBLISH_CATALOGUE)


def _draft(request: Request, pk: int) -> CatalogueVersion:
    try:
        draft = catalogue.by_pk(request.viewer, pk)
    except CatalogueVersion.DoesNotExist:
        raise Http404 from None
    if draft.state != CatalogueState.DRAFT:
        raise Http404
    return draft


@require_POST
@needs(Can.EDIT_CATALOGUE)
def words(request: Request, pk: int, industry: str) -> HttpResponse:
    """Answer how often words stand in the register; `what` is add (words not in the draft) or word (one that is)."""
    draft = _draft(request, pk)
    if not Industry.objects.filter(code=industry).exists():
        raise Http404
    source = in_force()
    given = [word for word in lines(request.POST.get("words", "")) if len(word) > 1]
    context: dict[str, Any] = {
        "register": source,
        "asked": given,
        "most": MOST_WORDS,
        "sees": may_see_rows(request.viewer),
    }
    if source is not None and 0 < len(given) <= MOST_WORDS:
        content = catalogue.content_of(draft, industry=industry)
        others = {path[2] for path in content.terms} - set(given)
        context["tried"] = try_words(source, given, others=others)
        context["own"] = request.POST.get("what") == "word"
        context["trap"] = request.POST.get("what", "").endswith("traps")
    return render(request, "enterprises/preview/_words.html", context)


@require_POST
@needs(*_EDITORS)
def start(request: Request, pk: int) -> HttpResponse:
    """Have the draft tried."""
    draft = _draft(request, pk)
    try:
        act.start_preview(request.viewer, draft_pk=draft.pk)
    except Refused as refusal:
        messages.error(request, str(refusal.reason))
    return redirect("catalogue:draft", pk=pk)


def _preview(request: Request, pk: int) -> Preview:
    found = Preview.objects.visible_to(request.viewer).select_related("draft", "register").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_POST
@needs(*_EDITORS)
def cancel(request: Request, pk: int) -> HttpResponse:
    """Give a preview up."""
    found = _preview(request, pk)
    try:
        act.cancel_preview(request.viewer, pk=found.pk)
    except Refused as refusal:
        messages.error(request, str(refusal.reason))
    return redirect("catalogue:draft", pk=found.draft_id)


@require_GET
@needs(*_EDITORS)
def progress(request: Request, pk: int) -> HttpResponse:
    """Answer how far a preview is; when it is done the page is loaded anew."""
    found = _preview(request, pk)
    context = facts(found, found.draft)
    if not context["busy"]:
        return HttpResponseClientRefresh()
    return render(request, "enterprises/preview/_progress.html", context)


@require_GET
@needs(*_EDITORS)
def page(request: Request, pk: int) -> HttpResponse:
    """Show what came of a preview: numbers by industry and examples with their evidence."""
    found = _preview(request, pk)
    regions = dict(Region.objects.values_list("code", "name"))
    titles = {"entering": _("新进入"), "leaving": _("退出"), "changed": _("结论或角色变化")}
    sees = may_see_rows(request.viewer)
    context = facts(found, found.draft) | {"sees": sees, "titles": titles}
    for line in context["lines"]:
        kinds = found.examples.get(line["code"], {}) if sees else {}
        line["kinds"] = [
            (titles[kind], line[kind], [_shown(each, regions) for each in kinds[kind]])
            for kind in titles
            if kinds.get(kind)
        ]
    return render(request, "enterprises/preview/page.html", context)


def _shown(each: dict[str, Any], regions: dict[str, str]) -> dict[str, Any]:
    """Return an example with its words for roles and decisions."""
    roles, decisions = dict(EnterpriseRole.choices), dict(Decision.choices)

    def side(found: dict[str, Any] | None) -> str:
        if not found:
            return _("没有")
        return f"{decisions[found['decision']]} · {roles[found['role']]} · {found['score']:.0%}"

    return each | {
        "place": regions.get(each.get("region", ""), ""),
        "was": side(each.get("before")),
        "becomes": side(each.get("after")),
    }
