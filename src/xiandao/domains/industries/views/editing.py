"""Editing a draft: an industry with its segments and traps, a segment, a product with its words."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from xiandao.domains.industries.actions import edits, words
from xiandao.domains.industries.content import Content, Kind, fields_of, fingerprint
from xiandao.domains.industries.models import TermWeight
from xiandao.domains.industries.queries import browse
from xiandao.domains.industries.queries import catalogue as queries
from xiandao.domains.industries.registry import previewer
from xiandao.domains.industries.views import forms
from xiandao.domains.industries.views.access import draft_of, industry_of
from xiandao.domains.orgs.access import CONFLICT, REFUSED, Request, needs
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import Conflict, Refused

Do = Callable[[], str | None]


def _initial(part: Any) -> dict[str, Any]:
    return {name: value for name, value in fields_of(part).items() if name != "order"} if part is not None else {}


def _tried(request: Request, do: Do) -> tuple[str, int, str | None]:
    """Do something; return the reason it was refused for, the status, and what it made."""
    try:
        return "", 200, do()
    except Refused as refusal:
        return str(refusal.reason), CONFLICT if isinstance(refusal, Conflict) else REFUSED, None


def _common(draft: Any, industry: str) -> dict[str, Any]:
    tries = previewer()
    return {
        "draft": draft,
        "industry": industry_of(industry),
        "weights": TermWeight.choices,
        "panel": tries.word_panel(draft, industry) if tries else None,
    }


@require_http_methods(["GET", "POST"])
@needs(Can.EDIT_CATALOGUE)
def industry(request: Request, pk: int, industry: str) -> HttpResponse:
    """Edit what the draft says of an industry; list its chain; add segments and traps."""
    draft = draft_of(request, pk, open_only=True)
    row = industry_of(industry)
    what = request.POST.get("what", "")
    form = forms.IndustryForm(request.POST if what == "scope" else None)
    alert, status = "", 200
    if request.method == "POST":
        alert, status, _made = _tried(request, lambda: _save_industry(request, pk, row.code, what, form))
        if status == 200:  # noqa: PLR2004
            return redirect("catalogue:edit-industry", pk=pk, industry=industry)
    content = queries.content_of(draft, industry=industry)
    scope = content.industries.get((industry,))
    if what != "scope" or status == CONFLICT:
        form = forms.IndustryForm(initial=_initial(scope))
    context = _common(draft, industry) | {
        "form": form,
        "seen": fingerprint(scope),
        "segments": browse.chain(content, industry),
        "traps": [path[1] for path in content.traps],
        "alert": alert,
        "kept": request.POST.get("words", "") if alert else "",
    }
    return render(request, "industries/catalogue/edit/industry.html", context, status=status)


def _save_industry(request: Request, pk: int, industry: str, what: str, form: forms.IndustryForm) -> str | None:
    viewer, given = request.viewer, request.POST
    if what == "scope":
        if not form.is_valid():
            raise Refused(_("有没填好的地方，见下。"))
        edits.save_industry(viewer, pk=pk, industry=industry, values=form.cleaned_data, seen=given.get("seen", ""))
    elif what == "add-traps":
        words.add_traps(viewer, pk=pk, industry=industry, text=given.get("words", ""))
    elif what == "remove-traps":
        words.remove_traps(viewer, pk=pk, industry=industry, words=given.getlist("word"))
    else:
        raise Http404
    messages.success(request, _("已存入草案。"))
    return None


@require_http_methods(["GET", "POST"])
@needs(Can.EDIT_CATALOGUE)
def traps(request: Request, pk: int) -> HttpResponse:
    """Edit the phrases that mislead whatever the industry."""
    draft = draft_of(request, pk, open_only=True)
    alert, status = "", 200
    if request.method == "POST":
        given = request.POST

        def do() -> None:
            if given.get("what") == "remove-traps":
                words.remove_traps(request.viewer, pk=pk, industry="", words=given.getlist("word"))
            else:
                words.add_traps(request.viewer, pk=pk, industry="", text=given.get("words", ""))
            messages.success(request, _("已存入草案。"))

        alert, status, _made = _tried(request, do)
        if status == 200:  # noqa: PLR2004
            return redirect("catalogue:edit-traps", pk=pk)
    context = {
        "draft": draft,
        "traps": browse.general_traps(draft),
        "alert": alert,
        "kept": request.POST.get("words", "") if alert else "",
    }
    return render(request, "industries/catalogue/edit/traps.html", context, status=status)


@require_http_methods(["GET", "POST"])
@needs(Can.EDIT_CATALOGUE)
def segment(request: Request, pk: int, industry: str, segment: str) -> HttpResponse:
    """Edit or remove a segment; add a product to it."""
    draft = draft_of(request, pk, open_only=True)
    content = queries.content_of(draft, industry=industry)
    if (industry, segment) not in content.segments:
        raise Http404
    what, alert, status = request.POST.get("what", ""), "", 200
    form = forms.SegmentForm(
        request.POST if what == "save" else None, initial=_initial(content.segments[industry, segment])
    )
    product, first = _product_forms(request, content, industry, segment, posted=what == "product")
    if request.method == "POST":
        given = request.POST.get("seen", "")

        def do() -> str | None:
            if what == "save" and _valid(form):
                edits.save_segment(
                    request.viewer, pk=pk, industry=industry, segment=segment, values=form.cleaned_data, seen=given
                )
            elif what == "remove":
                edits.remove_segment(request.viewer, pk=pk, industry=industry, segment=segment, seen=given)
            elif what == "product" and _valid(product, first):
                return edits.add_product(
                    request.viewer, pk=pk, industry=industry, values=product.cleaned_data, **first.cleaned_data
                )
            else:
                raise Http404
            return None

        alert, status, made = _tried(request, do)
        if status == 200:  # noqa: PLR2004
            messages.success(request, _("已存入草案。"))
            return _after_segment(pk, industry, segment, what, made)
        content = queries.content_of(draft, industry=industry)
        if (industry, segment) not in content.segments:
            messages.error(request, alert)
            return redirect("catalogue:edit-industry", pk=pk, industry=industry)
        if status == CONFLICT:
            form = forms.SegmentForm(initial=_initial(content.segments[industry, segment]))
    context = _common(draft, industry) | {
        "segment": segment,
        "name": content.segments[industry, segment].name,
        "form": form,
        "seen": fingerprint(content.segments[industry, segment]),
        "products": content.products_of(industry, segment),
        "product_form": product,
        "words_form": first,
        "adding": what == "product",
        "alert": alert,
    }
    return render(request, "industries/catalogue/edit/segment.html", context, status=status)


def _after_segment(pk: int, industry: str, segment: str, what: str, made: str | None) -> HttpResponse:
    if made:
        return redirect("catalogue:edit-product", pk=pk, industry=industry, product=made)
    if what == "remove":
        return redirect("catalogue:edit-industry", pk=pk, industry=industry)
    return redirect("catalogue:edit-segment", pk=pk, industry=industry, segment=segment)


def _product_forms(
    request: Request, content: Content, industry: str, segment: str, *, posted: bool
) -> tuple[forms.ProductForm, forms.WordsForm]:
    data = request.POST if posted else None
    product = forms.ProductForm(
        data, content=content, industry=industry, initial={"segment": segment}, prefix="product", auto_id="product-%s"
    )
    return product, forms.WordsForm(data, prefix="words", auto_id="words-%s")


def _valid(*given: Any) -> bool:
    """Whether all forms are filled in. Raises Refused where one is not; its page shows what is missing."""
    filled = [form.is_valid() for form in given]  # each, so that all say what they lack
    if not all(filled):
        raise Refused(_("有没填好的地方，见下。"))
    return True


@require_http_methods(["GET", "POST"])
@needs(Can.EDIT_CATALOGUE)
def new_segment(request: Request, pk: int, industry: str) -> HttpResponse:
    """Add a segment with its first product."""
    draft = draft_of(request, pk, open_only=True)
    content = queries.content_of(draft, industry=industry)
    data = request.POST if request.method == "POST" else None
    form = forms.SegmentForm(data)
    product, first = _product_forms(request, content, industry, "", posted=request.method == "POST")
    del product.fields["segment"]
    alert, status = "", 200
    if request.method == "POST":

        def do() -> str:
            _valid(form, product, first)
            return edits.add_segment(
                request.viewer,
                pk=pk,
                industry=industry,
                values=form.cleaned_data,
                product=product.cleaned_data,
                **first.cleaned_data,
            )

        alert, status, made = _tried(request, do)
        if status == 200:  # noqa: PLR2004
            messages.success(request, _("已存入草案。"))
            return redirect("catalogue:edit-segment", pk=pk, industry=industry, segment=made)
    context = _common(draft, industry) | {
        "form": form,
        "product_form": product,
        "words_form": first,
        "alert": alert,
    }
    return render(request, "industries/catalogue/edit/new_segment.html", context, status=status)


@require_http_methods(["GET", "POST"])
@needs(Can.EDIT_CATALOGUE)
def product(request: Request, pk: int, industry: str, product: str) -> HttpResponse:
    """Edit a product: its fields, its segment, its words."""
    draft = draft_of(request, pk, open_only=True)
    content = queries.content_of(draft, industry=industry)
    path: Any = (industry, product)
    if path not in content.products:
        raise Http404
    what, alert, status = request.POST.get("what", ""), "", 200
    made = {"content": content, "industry": industry}
    form = forms.ProductForm(request.POST if what == "save" else None, initial=_initial(content.products[path]), **made)
    if request.method == "POST":
        alert, status, _made = _tried(request, lambda: _save_product(request, pk, path, what, form))
        if status == 200:  # noqa: PLR2004
            messages.success(request, _("已存入草案。"))
            if what == "remove":
                return redirect("catalogue:edit-industry", pk=pk, industry=industry)
            return redirect("catalogue:edit-product", pk=pk, industry=industry, product=product)
        content = queries.content_of(draft, industry=industry)
        if path not in content.products:
            messages.error(request, alert)
            return redirect("catalogue:edit-industry", pk=pk, industry=industry)
        if status == CONFLICT:
            form = forms.ProductForm(initial=_initial(content.products[path]), content=content, industry=industry)
    part = content.products[path]
    context = _common(draft, industry) | {
        "code": product,
        "product": part,
        "segment": content.segments[industry, part.segment],
        "form": form,
        "seen": fingerprint(part),
        "rows": _rows(content, path),
        "heads": [word for word, term in content.terms_of(*path).items() if not term.of],
        "kept": {name: request.POST.get(name, "") for name in ("words", "weight", "of")} if alert else {},
        "kind": what,
        "alert": alert,
    }
    return render(request, "industries/catalogue/edit/product.html", context, status=status)


def _rows(content: Content, path: Kind) -> list[dict[str, str]]:
    rows = []
    for group in browse.groups(content.terms_of(*path)):
        rows.append({"word": group.text, "weight": group.weight, "label": group.label, "of": ""})
        rows += [
            {"word": word, "weight": group.weight, "label": group.label, "of": group.text} for word in group.synonyms
        ]
    return rows


def _save_product(request: Request, pk: int, path: Any, what: str, form: forms.ProductForm) -> None:
    viewer, given = request.viewer, request.POST
    where = {"pk": pk, "industry": path[0], "product": path[1]}
    seen, chosen = given.get("seen", ""), given.getlist("word")
    if what == "save" and _valid(form):
        edits.save_product(viewer, values=form.cleaned_data, seen=seen, **where)
    elif what == "remove":
        edits.remove_product(viewer, seen=seen, **where)
    elif what == "add":
        weight = given.get("weight", "core")
        words.add_terms(viewer, text=given.get("words", ""), weight=weight, of=given.get("of", ""), **where)
    elif what.startswith("weigh-"):
        words.alter_terms(viewer, words=chosen, weight=what.removeprefix("weigh-"), **where)
    elif what == "bind":
        words.bind_terms(viewer, words=chosen, of=given.get("of", ""), **where)
    elif what == "drop":
        words.remove_terms(viewer, words=chosen, **where)
    else:
        raise Http404
