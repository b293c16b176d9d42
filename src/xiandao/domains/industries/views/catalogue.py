"""The catalogue to look at: what is in force, its industries and products, where a word stands, what differs."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from xiandao.domains.audit.queries import history
from xiandao.domains.industries.actions.revising import KIND
from xiandao.domains.industries.content import diff
from xiandao.domains.industries.models import CatalogueState, CatalogueVersion
from xiandao.domains.industries.queries import browse, differences
from xiandao.domains.industries.queries import catalogue as queries
from xiandao.domains.industries.views.access import industry_of, version_of
from xiandao.domains.orgs.access import Request
from xiandao.domains.orgs.capability import Can

_LONGEST_WORDS = 60


def _versions(request: Request) -> Any:
    return list(queries.published(request.viewer).exclude(state=CatalogueState.DISCARDED))


@require_GET
def current(request: Request) -> HttpResponse:
    """Show the catalogue in force, or that there is none."""
    version = queries.in_force()
    if version is None:
        return render(request, "industries/catalogue/none.html")
    return _overview(request, version)


@require_GET
def version(request: Request, code: str) -> HttpResponse:
    """Show one version."""
    return _overview(request, version_of(request, code))


def _overview(request: Request, found: CatalogueVersion) -> HttpResponse:
    edits = request.viewer.can(Can.EDIT_CATALOGUE, Can.PUBLISH_CATALOGUE)
    lines = browse.overview(found)
    context = {
        "version": found,
        "lines": lines,
        "totals": {
            name: sum(getattr(line, name) for line in lines) for name in ("segments", "products", "terms", "traps")
        },
        "general": browse.general_traps(found),
        "versions": _versions(request),
        "may_edit": request.viewer.can(Can.EDIT_CATALOGUE),
        "draft": queries.open_draft() if edits else None,
        "offered": queries.offered() if edits else None,
        "history": history(kind=KIND, key=str(found.pk)),
        "in_force": found.state == CatalogueState.PUBLISHED,
    }
    return render(request, "industries/catalogue/overview.html", context)


@require_GET
def industry(request: Request, code: str, industry: str) -> HttpResponse:
    """Show the chain of one industry with products and words."""
    found, row = version_of(request, code), industry_of(industry)
    content = queries.content_of(found, industry=industry)
    if (industry,) not in content.industries:
        raise Http404
    context = {
        "version": found,
        "industry": row,
        "scope": content.industries[(industry,)],
        "segments": browse.chain(content, industry),
        "traps": [path[1] for path in content.traps],
        "names": {name.target: name for name in browse.names_of(*_targets(content))},
        "local": browse.local_counts(industry),
        "draft": queries.open_draft() if request.viewer.can(Can.EDIT_CATALOGUE) else None,
        "in_force": found.state == CatalogueState.PUBLISHED,
    }
    return render(request, "industries/catalogue/industry.html", context)


def _targets(content: Any) -> list[str]:
    return ["/".join(path) for path in [*content.segments, *content.products]]


@require_GET
def product(request: Request, code: str, industry: str, product: str) -> HttpResponse:
    """Show one product with its words, links, names and the cities' own lines."""
    found, row = version_of(request, code), industry_of(industry)
    content = queries.content_of(found, industry=industry)
    path = (industry, product)
    if path not in content.products:
        raise Http404
    part = content.products[path]
    target = f"{industry}/{part.segment}"
    context = {
        "version": found,
        "industry": row,
        "product": part,
        "code": product,
        "segment": content.segments[industry, part.segment],
        "stage": next(line.label for line in browse.chain(content, industry) if line.code == part.segment),
        "groups": browse.groups(content.terms_of(*path)),
        "traps": _trapping(content, path),
        "names": browse.names_of(f"{industry}/{product}", target),
        "local": browse.local_items_of(target),
        "draft": queries.open_draft() if request.viewer.can(Can.EDIT_CATALOGUE) else None,
        "in_force": found.state == CatalogueState.PUBLISHED,
    }
    return render(request, "industries/catalogue/product.html", context)


def _trapping(content: Any, path: Any) -> list[str]:
    """Return the phrases that mislead about the words of one product."""
    words = list(content.terms_of(*path))
    return [trap[1] for trap in content.traps if any(word in trap[1] for word in words)]


@require_GET
def search(request: Request) -> HttpResponse:
    """Say where a word stands."""
    words = request.GET.get("q", "").strip()[:_LONGEST_WORDS]
    code = request.GET.get("version", "")
    found = version_of(request, code) if code else queries.in_force()
    if found is None:
        return render(request, "industries/catalogue/none.html")
    terms, products, traps = browse.search(found, words) if words else ([], [], [])
    context = {
        "version": found,
        "words": words,
        "terms": terms[: browse.MOST_FOUND],
        "more": len(terms) > browse.MOST_FOUND,
        "most": browse.MOST_FOUND,
        "products": products,
        "traps": traps,
        "versions": _versions(request),
    }
    return render(request, "industries/catalogue/search.html", context)


@require_GET
def compare(request: Request) -> HttpResponse:
    """Show what differs between two versions."""
    listed = _versions(request)
    codes = [request.GET.get("a", ""), request.GET.get("b", "")]
    context: dict[str, Any] = {"versions": listed, "a": codes[0], "b": codes[1]}
    if all(codes):
        old, new = version_of(request, codes[0]), version_of(request, codes[1])
        before, after = queries.content_of(old), queries.content_of(new)
        changes = diff(before, after)
        context |= {
            "old": old,
            "new": new,
            "groups": differences.groups(before, after, changes),
            "count": len(changes),
        }
    elif any(codes):
        context["alert"] = _("请选两个版本。")
    return render(request, "industries/catalogue/compare.html", context)
