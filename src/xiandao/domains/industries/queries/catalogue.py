"""Reading versions of the product catalogue: which is in force, its content, and the form the engine takes."""

from functools import lru_cache
from typing import Any, Final

from xiandao.domains.industries.content import Content, Industry, Part, Path, Product, Segment, Term, Trap
from xiandao.domains.industries.models import (
    CatalogueState,
    CatalogueVersion,
    IndustryScope,
)
from xiandao.domains.industries.models import Product as ProductRow
from xiandao.domains.industries.models import Segment as SegmentRow
from xiandao.domains.industries.models import Term as TermRow
from xiandao.domains.industries.models import Trap as TrapRow
from xiandao.domains.orgs.viewer import Viewer
from xiandao.engines.identify import catalogue as engine

_WEIGHTS: Final = {
    "core": engine.Weight.CORE,
    "weak": engine.Weight.WEAK,
    "related": engine.Weight.RELATED,
}
_FIXED: Final = (CatalogueState.PUBLISHED, CatalogueState.SUPERSEDED, CatalogueState.AVAILABLE)
_WHY = "published catalogues are public; of drafts only those who were let in ask"


def in_force() -> CatalogueVersion | None:
    """Return the version in force, or None where no pack brought a catalogue yet."""
    return CatalogueVersion.objects.for_system(_WHY).filter(state=CatalogueState.PUBLISHED).first()


def in_force_with(industry: str) -> CatalogueVersion | None:
    """Return the version in force if it describes an industry."""
    rows = CatalogueVersion.objects.for_system(_WHY).filter(state=CatalogueState.PUBLISHED)
    return rows.filter(scopes__industry=industry).first()


def versions(viewer: Viewer) -> Any:
    """Return the published versions and, to those who edit, drafts and what a pack offers; newest first."""
    rows = CatalogueVersion.objects.visible_to(viewer).select_related("based_on")
    return rows.order_by("-published_at", "-id")


def published(viewer: Viewer) -> Any:
    """Return the versions that have a code: in force, superseded, and to editors what a pack offers."""
    return versions(viewer).exclude(code="")


def by_code(viewer: Viewer, code: str) -> CatalogueVersion:
    """Return a version by its code. Raises CatalogueVersion.DoesNotExist; missing and hidden look the same."""
    if not code:
        raise CatalogueVersion.DoesNotExist
    return versions(viewer).get(code=code)


def by_pk(viewer: Viewer, pk: int) -> CatalogueVersion:
    """Return a version by its key. Raises CatalogueVersion.DoesNotExist."""
    return versions(viewer).get(pk=pk)


def open_draft() -> CatalogueVersion | None:
    """Return the draft the office is working on, or None. There is at most one: all who edit share it."""
    rows = CatalogueVersion.objects.for_system(_WHY).select_related("based_on")
    return rows.filter(state=CatalogueState.DRAFT).order_by("id").first()


def offered() -> CatalogueVersion | None:
    """Return the newest version a pack brought that nobody has adopted yet, or None."""
    rows = CatalogueVersion.objects.for_system(_WHY).filter(state=CatalogueState.AVAILABLE)
    return rows.order_by("-created_at", "-id").first()


def content_of(version: CatalogueVersion, *, industry: str = "") -> Content:
    """Return the whole content of a version, or what belongs to one industry of it, in order. Five queries.

    What was published never changes: it is read once and kept by this process. Nobody may change what is returned.
    """
    if version.state in _FIXED and version.digest and not industry:
        return _fixed(version.pk, version.digest)
    return _read(version.pk, industry)


@lru_cache(maxsize=6)
def _fixed(pk: int, _digest: str) -> Content:
    return _read(pk, "")


def _read(version: int, industry: str) -> Content:
    only = {"industry": industry} if industry else {}
    of_product = {"segment__industry": industry} if industry else {}
    of_term = {"product__segment__industry": industry} if industry else {}
    scopes = IndustryScope.objects.filter(version=version, **only).order_by("industry__order")
    segments = SegmentRow.objects.filter(version=version, **only).order_by("industry__order", "order", "id")
    products = ProductRow.objects.filter(version=version, **of_product).order_by(
        "segment__industry__order", "segment__order", "order", "id"
    )
    terms = TermRow.objects.filter(version=version, **of_term).order_by("order", "id")
    traps = TrapRow.objects.filter(version=version, **only).order_by("order", "id")
    segment_of: dict[int, Path] = {}
    product_of: dict[int, Path] = {}
    content = Content(
        industries={(row.industry_id,): _industry(row, number) for number, row in enumerate(scopes)},
    )
    for row in segments:
        segment_of[row.pk] = (row.industry_id, row.code)
        content.segments[segment_of[row.pk]] = _segment(row)
    for row in products:
        industry_code, segment_code = segment_of[row.segment_id]
        product_of[row.pk] = (industry_code, row.code)
        content.products[product_of[row.pk]] = _product(row, segment_code)
    values = terms.values_list("product_id", "text", "weight", "of", "order")
    by_product: dict[int, list[tuple[Path, Part]]] = {pk: [] for pk in product_of}
    for product, text, weight, of, order in values:
        by_product[product].append(((*product_of[product], text), Term(weight, of, order)))
    content.terms.update(pair for pairs in by_product.values() for pair in pairs)
    for owner, text, order in traps.values_list("industry_id", "text", "order"):
        content.traps[owner or "", text] = Trap(order)
    return content


def _industry(row: IndustryScope, order: int) -> Industry:
    return Industry(row.definition, tuple(row.includes), tuple(row.excludes), tuple(row.notes), order)


def _segment(row: SegmentRow) -> Segment:
    links = tuple(row.gbt4754), tuple(row.strategic), tuple(row.ipc)
    return Segment(row.name, row.name_en, row.stage, *links, row.order)


def _product(row: ProductRow, segment: str) -> Product:
    lists = tuple(row.includes), tuple(row.excludes)
    return Product(segment, row.name, row.name_en, row.definition, *lists, row.activity, row.order)


def engine_catalogue(version: CatalogueVersion) -> engine.Catalogue:
    """Return a version in the form the identification takes; of a pack's version the very one the pack gives."""
    return to_engine(content_of(version), version.code or f"draft-{version.pk}")


def to_engine(content: Content, code: str) -> engine.Catalogue:
    """Return a content in the form the identification takes, under a version code."""
    order = {path[0]: number for number, path in enumerate(content.industries)}
    traps = sorted(content.traps, key=lambda path: order.get(path[0], -1))
    return engine.Catalogue(
        version=code,
        industries=tuple(order),
        products=tuple(
            engine.Product(
                f"{path[0]}/{path[1]}",
                part.name,
                path[0],
                part.segment,
                content.segments[path[0], part.segment].stage,
                part.activity,
            )
            for path, part in content.products.items()
        ),
        terms=tuple(
            engine.Term(path[2], f"{path[0]}/{path[1]}", _WEIGHTS[part.weight], part.of or path[2])
            for path, part in content.terms.items()
        ),
        traps=tuple(path[1] for path in traps),
    )
