"""Edits of a draft: industries, segments, products. Words have their own file."""

from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from xiandao.domains.industries.actions.revising import revise
from xiandao.domains.industries.actions.words import with_terms
from xiandao.domains.industries.content import (
    Change,
    Content,
    Industry,
    Kind,
    Path,
    Product,
    Segment,
    fingerprint,
)
from xiandao.domains.orgs.permission import Conflict
from xiandao.domains.orgs.viewer import Viewer


def require_unchanged(content: Content, kind: Kind, path: Path, seen: str) -> None:
    """Raise Conflict unless a record still is what a form showed (`seen`, see `fingerprint`)."""
    part = content.table(kind).get(path)
    if part is None:
        raise Conflict(_("这一项已被别人删除或移走。请回到草案看最新的内容。"))
    if fingerprint(part) != seen:
        raise Conflict(_("别人刚刚改过这一项，您的修改没有保存。下面是最新的内容，请核对后重新填写。"))


def save_industry(actor: Viewer, *, pk: int, industry: str, values: dict[str, Any], seen: str) -> list[Change]:
    """Write what the draft says of an industry as a whole; one the catalogue lacked so far is taken up (seen "")."""

    def edit(content: Content) -> Content:
        path: Path = (industry,)
        old = content.industries.get(path)
        if old is not None or seen:
            require_unchanged(content, "industry", path, seen)
        order = old.order if old else content.next_order("industry")
        return content.put("industry", path, Industry(**values, order=order))

    return revise(actor, pk=pk, label=industry, edit=edit)


def save_segment(
    actor: Viewer, *, pk: int, industry: str, segment: str, values: dict[str, Any], seen: str
) -> list[Change]:
    """Write the fields of a segment."""

    def edit(content: Content) -> Content:
        path: Path = (industry, segment)
        require_unchanged(content, "segment", path, seen)
        return content.put("segment", path, Segment(**values, order=content.segments[path].order))

    return revise(actor, pk=pk, label=values["name"], edit=edit)


def add_segment(
    actor: Viewer,
    *,
    pk: int,
    industry: str,
    values: dict[str, Any],
    product: dict[str, Any],
    words: str,
    weight: str = "core",
) -> str:
    """Add a segment with its first product and that one's terms, one a line; return the segment's code."""
    made = ""

    def edit(content: Content) -> Content:
        nonlocal made
        made = new_code(content, "segment", industry, values["name_en"])
        order = content.next_order("segment")
        content = content.put("segment", (industry, made), Segment(**values, order=order))
        return _with_product(content, industry, {**product, "segment": made}, words, weight)[0]

    revise(actor, pk=pk, label=values["name"], edit=edit)
    return made


def remove_segment(actor: Viewer, *, pk: int, industry: str, segment: str, seen: str) -> list[Change]:
    """Remove a segment with all its products and terms."""

    def edit(content: Content) -> Content:
        require_unchanged(content, "segment", (industry, segment), seen)
        for path in content.products_of(industry, segment):
            content = _without_product(content, path)
        return content.drop("segment", (industry, segment))

    return revise(actor, pk=pk, label=segment, edit=edit)


def save_product(
    actor: Viewer, *, pk: int, industry: str, product: str, values: dict[str, Any], seen: str
) -> list[Change]:
    """Write the fields of a product; another segment in `values` moves it there, behind the others."""

    def edit(content: Content) -> Content:
        path: Path = (industry, product)
        require_unchanged(content, "product", path, seen)
        old = content.products[path]
        moved = values["segment"] != old.segment
        order = content.next_order("product") if moved else old.order
        return content.put("product", path, Product(**values, order=order))

    return revise(actor, pk=pk, label=values["name"], edit=edit)


def add_product(actor: Viewer, *, pk: int, industry: str, values: dict[str, Any], words: str, weight: str) -> str:
    """Add a product with its terms, one a line, to a segment; return its code."""
    made = ""

    def edit(content: Content) -> Content:
        nonlocal made
        content, made = _with_product(content, industry, values, words, weight)
        return content

    revise(actor, pk=pk, label=values["name"], edit=edit)
    return made


def remove_product(actor: Viewer, *, pk: int, industry: str, product: str, seen: str) -> list[Change]:
    """Remove a product with its terms."""

    def edit(content: Content) -> Content:
        path: Path = (industry, product)
        require_unchanged(content, "product", path, seen)
        return _without_product(content, path)

    return revise(actor, pk=pk, label=product, edit=edit)


def _with_product(
    content: Content, industry: str, values: dict[str, Any], words: str, weight: str = "core"
) -> tuple[Content, str]:
    code = new_code(content, "product", industry, values["name_en"])
    order = content.next_order("product")
    content = content.put("product", (industry, code), Product(**values, order=order))
    return with_terms(content, (industry, code), words, weight=weight), code


def _without_product(content: Content, path: Path) -> Content:
    for word in content.terms_of(*path):
        content = content.drop("term", (*path, word))
    return content.drop("product", path)


def new_code(content: Content, kind: Kind, industry: str, name_en: str) -> str:
    """Return a free code made from an English name, or a number where there is none."""
    taken = {path[1] for path in content.table(kind) if path[0] == industry}
    base = slugify(name_en)[:50].strip("-") or {"segment": "s", "product": "p"}[kind]
    numbered = (f"{base}-{number}" for number in range(2, 10_000))
    candidates = [base, *numbered] if slugify(name_en) else [*numbered]
    return next(each for each in candidates if each not in taken)
