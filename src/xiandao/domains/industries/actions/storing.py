"""Writing a catalogue's content into the tables: all of a new version, or what changed of a draft."""

from collections.abc import Iterable, Mapping
from typing import Any

from xiandao.domains.industries.content import Change, Content, Industry, Path, Product, Segment, diff
from xiandao.domains.industries.models import CatalogueVersion, IndustryScope, Term, Trap
from xiandao.domains.industries.models import Product as ProductRow
from xiandao.domains.industries.models import Segment as SegmentRow

_BATCH = 400


def write_all(version: CatalogueVersion, content: Content) -> None:
    """Write a whole content into a version that has none yet."""
    _add_scopes(version, content.industries)
    segments = _add_segments(version, content.segments)
    products = _add_products(version, content.products, segments)
    _add_terms(version, content.terms, products)
    _add_traps(version, content.traps)


def write_changes(version: CatalogueVersion, old: Content, new: Content) -> list[Change]:
    """Bring a version from one content to another and return what changed. Rows that stay keep their keys."""
    changes = diff(old, new)
    gone = [each for each in changes if each.after is None]
    fresh: dict[str, dict[Path, Any]] = {}
    for each in changes:
        if each.before is None:
            fresh.setdefault(each.kind, {})[each.path] = each.after
    altered = [each for each in changes if each.before is not None and each.after is not None]
    for kind in ("term", "trap"):
        _remove(version, kind, gone)
    segments: dict[Path, int] = {
        (row.industry_id, row.code): row.pk for row in SegmentRow.objects.filter(version=version)
    }
    segments |= _add_segments(version, fresh.get("segment", {}))
    for each in altered:
        if each.kind != "term":
            _alter(version, each, segments)
    for kind in ("product", "segment", "industry"):
        _remove(version, kind, gone)
    rows = ProductRow.objects.filter(version=version).values_list("pk", "segment__industry", "code")
    products: dict[Path, int] = {(industry, code): pk for pk, industry, code in rows}
    products |= _add_products(version, fresh.get("product", {}), segments)
    _add_scopes(version, fresh.get("industry", {}))
    _add_terms(version, fresh.get("term", {}), products)
    _add_traps(version, fresh.get("trap", {}))
    for each in altered:
        if each.kind == "term":
            changed = Term.objects.filter(product=products[each.path[:2]], text=each.path[2])
            changed.update(weight=each.after.weight, of=each.after.of)  # type: ignore[union-attr]
    return changes


def _add_scopes(version: CatalogueVersion, industries: Mapping[Path, Industry]) -> None:
    IndustryScope.objects.bulk_create(
        IndustryScope(version=version, industry_id=path[0], **_of_industry(part)) for path, part in industries.items()
    )


def _of_industry(part: Industry) -> dict[str, Any]:
    lists = {"includes": list(part.includes), "excludes": list(part.excludes), "notes": list(part.notes)}
    return {"definition": part.definition, **lists}


def _add_segments(version: CatalogueVersion, segments: Mapping[Path, Segment]) -> dict[Path, int]:
    rows = [
        SegmentRow(version=version, industry_id=path[0], code=path[1], order=part.order, **_of_segment(part))
        for path, part in segments.items()
    ]
    made = SegmentRow.objects.bulk_create(rows, batch_size=_BATCH)
    return {(row.industry_id, row.code): row.pk for row in made}


def _of_segment(part: Segment) -> dict[str, Any]:
    links = {"gbt4754": list(part.gbt4754), "strategic": list(part.strategic), "ipc": list(part.ipc)}
    return {"name": part.name, "name_en": part.name_en, "stage": part.stage, **links}


def _add_products(
    version: CatalogueVersion, products: Mapping[Path, Product], segments: Mapping[Path, int]
) -> dict[Path, int]:
    rows = [
        ProductRow(
            version=version,
            segment_id=segments[path[0], part.segment],
            code=path[1],
            order=part.order,
            **_of_product(part),
        )
        for path, part in products.items()
    ]
    made = ProductRow.objects.bulk_create(rows, batch_size=_BATCH)
    return {path: row.pk for path, row in zip(products, made, strict=True)}


def _of_product(part: Product) -> dict[str, Any]:
    lists = {"includes": list(part.includes), "excludes": list(part.excludes)}
    return {
        "name": part.name,
        "name_en": part.name_en,
        "definition": part.definition,
        "activity": part.activity,
        **lists,
    }


def _add_terms(version: CatalogueVersion, terms: Mapping[Path, Any], products: Mapping[Path, int]) -> None:
    Term.objects.bulk_create(
        (
            Term(
                version=version,
                product_id=products[path[:2]],
                text=path[2],
                weight=part.weight,
                of=part.of,
                order=part.order,
            )
            for path, part in terms.items()
        ),
        batch_size=_BATCH,
    )


def _add_traps(version: CatalogueVersion, traps: Mapping[Path, Any]) -> None:
    Trap.objects.bulk_create(
        (
            Trap(version=version, industry_id=path[0] or None, text=path[1], order=part.order)
            for path, part in traps.items()
        ),
        batch_size=_BATCH,
    )


def _alter(version: CatalogueVersion, change: Change, segments: Mapping[Path, int]) -> None:
    part, path = change.after, change.path
    if isinstance(part, Industry):
        IndustryScope.objects.filter(version=version, industry=path[0]).update(**_of_industry(part))
    elif isinstance(part, Segment):
        SegmentRow.objects.filter(version=version, industry=path[0], code=path[1]).update(**_of_segment(part))
    elif isinstance(part, Product):
        rows = ProductRow.objects.filter(version=version, segment__industry=path[0], code=path[1])
        where = {"segment": segments[path[0], part.segment], "order": part.order}
        rows.update(**_of_product(part), **where)


def _remove(version: CatalogueVersion, kind: str, gone: Iterable[Change]) -> None:
    for each in gone:
        if each.kind != kind:
            continue
        path = each.path
        if kind == "term":
            rows: Any = Term.objects.filter(
                version=version, product__segment__industry=path[0], product__code=path[1], text=path[2]
            )
        elif kind == "trap":
            rows = Trap.objects.filter(version=version, industry=path[0] or None, text=path[1])
        elif kind == "product":
            rows = ProductRow.objects.filter(version=version, segment__industry=path[0], code=path[1])
        elif kind == "segment":
            rows = SegmentRow.objects.filter(version=version, industry=path[0], code=path[1])
        else:
            rows = IndustryScope.objects.filter(version=version, industry=path[0])
        rows.delete()
