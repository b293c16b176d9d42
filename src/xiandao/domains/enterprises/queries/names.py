"""Names of the catalogue a run was made with: segments and products, by code."""

from xiandao.domains.enterprises.figures.kept import kept
from xiandao.domains.enterprises.models import Run
from xiandao.domains.industries.models import Product, Segment


def segments(run: Run | None) -> list[Segment]:
    """Return the segments of the run's catalogue along the chain, industry by industry."""
    if run is None:
        return []

    def make() -> list[Segment]:
        return list(
            Segment.objects.filter(version=run.catalogue_id)
            .select_related("industry")
            .order_by("industry__order", "order")
        )

    return kept("enterprises.segments", run.catalogue_id, make=make)


def segment_names(run: Run | None) -> dict[tuple[str, str], str]:
    """Return the labels of segments by industry and segment code."""
    return {(row.industry_id, row.code): row.label for row in segments(run)}


def product_names(run: Run | None) -> dict[str, str]:
    """Return the labels of products by INDUSTRY/PRODUCT, the code evidence carries."""
    if run is None:
        return {}

    def make() -> dict[str, str]:
        rows = Product.objects.filter(version=run.catalogue_id).select_related("segment")
        return {f"{row.segment.industry_id}/{row.code}": row.label for row in rows}

    return kept("enterprises.products", run.catalogue_id, make=make)
