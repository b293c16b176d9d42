"""Reading a version to look at it: counts by industry, the chain of one industry, where a word stands."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q

from xiandao.domains.industries.content import Content, Path, Product, Segment, Term
from xiandao.domains.industries.models import (
    CatalogueVersion,
    Industry,
    IndustryScope,
    LocalItem,
    LocalLink,
    ProductName,
    Stage,
    TermWeight,
    Trap,
)
from xiandao.domains.industries.models import Product as ProductRow
from xiandao.domains.industries.models import Segment as SegmentRow
from xiandao.domains.industries.models import Term as TermRow

MOST_FOUND = 200


@dataclass(slots=True)
class IndustryLine:
    """An industry of a version with how much it holds."""

    industry: Industry
    definition: str
    segments: int = 0
    products: int = 0
    terms: int = 0
    traps: int = 0


def overview(version: CatalogueVersion) -> list[IndustryLine]:
    """Return the industries of a version with counts, in order. Five queries."""
    scopes = IndustryScope.objects.filter(version=version).select_related("industry").order_by("industry__order")
    lines = {scope.industry_id: IndustryLine(scope.industry, scope.definition) for scope in scopes}
    counted: tuple[tuple[str, Any, str], ...] = (
        ("segments", SegmentRow.objects.filter(version=version), "industry"),
        ("products", ProductRow.objects.filter(version=version), "segment__industry"),
        ("terms", TermRow.objects.filter(version=version), "product__segment__industry"),
        ("traps", Trap.objects.filter(version=version), "industry"),
    )
    for name, rows, key in counted:
        for industry, number in rows.order_by().values_list(key).annotate(number=Count("pk")):
            if industry in lines:
                setattr(lines[industry], name, number)
    return list(lines.values())


def general_traps(version: CatalogueVersion) -> list[str]:
    """Return the phrases that mislead whatever the industry."""
    return list(
        Trap.objects.filter(version=version, industry=None).order_by("order", "id").values_list("text", flat=True)
    )


@dataclass(slots=True)
class TermGroup:
    """A term with its synonyms."""

    text: str
    weight: str
    label: str
    synonyms: list[str] = field(default_factory=list)


@dataclass(slots=True)
class ProductLine:
    """A product with its words, by weight."""

    path: Path
    part: Product
    groups: list[TermGroup]

    @property
    def code(self) -> str:
        """The code of the product in its industry."""
        return self.path[1]

    @property
    def target(self) -> str:
        """The product as aliases and other lists refer to it."""
        return "/".join(self.path)

    @property
    def words(self) -> int:
        """How many words it has, synonyms included."""
        return sum(1 + len(group.synonyms) for group in self.groups)


@dataclass(slots=True)
class SegmentLine:
    """A segment with its products."""

    path: Path
    part: Segment
    label: str
    products: list[ProductLine] = field(default_factory=list)

    @property
    def code(self) -> str:
        """The code of the segment in its industry."""
        return self.path[1]

    @property
    def target(self) -> str:
        """The segment as aliases and other lists refer to it."""
        return "/".join(self.path)


def groups(terms: dict[str, Term]) -> list[TermGroup]:
    """Return a product's terms with their synonyms: those that stand alone first."""
    labels = dict(TermWeight.choices)
    found = {
        word: TermGroup(word, part.weight, str(labels.get(part.weight, part.weight)))
        for weight in TermWeight.values
        for word, part in terms.items()
        if part.weight == weight and not part.of
    }
    for word, part in terms.items():
        if part.of in found:
            found[part.of].synonyms.append(word)
    return list(found.values())


def chain(content: Content, industry: str) -> list[SegmentLine]:
    """Return the segments of an industry with products and words, from upstream to supporting."""
    stages = {value: (number, str(label)) for number, (value, label) in enumerate(Stage.choices)}
    words: dict[Path, dict[str, Term]] = {}
    for path, part in content.terms.items():
        words.setdefault(path[:2], {})[path[2]] = part
    lines = [
        SegmentLine(
            path,
            part,
            stages[part.stage][1],
            [
                ProductLine(product, each, groups(words.get(product, {})))
                for product, each in content.products_of(industry, path[1]).items()
            ],
        )
        for path, part in content.segments.items()
        if path[0] == industry
    ]
    return sorted(lines, key=lambda line: stages[line.part.stage][0])


@dataclass(frozen=True, slots=True)
class Found:
    """A word of a version that was looked for, and where it stands."""

    word: str
    weight: str
    of: str
    product: ProductRow


def search(version: CatalogueVersion, words: str) -> tuple[list[Found], list[ProductRow], list[Trap]]:
    """Return terms, products and traps of a version that hold the words looked for, the shortest terms first."""
    related = ("product__segment__industry",)
    terms = TermRow.objects.filter(version=version, text__icontains=words).select_related(*related)
    found = sorted(terms[: MOST_FOUND + 1], key=lambda row: (len(row.text), row.text))
    named = ProductRow.objects.filter(version=version).filter(
        Q(name__icontains=words) | Q(name_en__icontains=words) | Q(definition__icontains=words)
    )
    traps = Trap.objects.filter(version=version, text__icontains=words).select_related("industry")
    return (
        [Found(row.text, row.get_weight_display(), row.of, row.product) for row in found],
        list(named.select_related("segment__industry")[:MOST_FOUND]),
        list(traps[:MOST_FOUND]),
    )


def names_of(*targets: str) -> list[ProductName]:
    """Return the words under which documents print a product or segment."""
    return list(ProductName.objects.filter(target__in=targets).order_by("document", "printed"))


def local_items_of(target: str) -> list[LocalLink]:
    """Return the lines of cities' own lists that fall under a segment."""
    links = LocalLink.objects.filter(target=target).select_related("item__list__region")
    return list(links.order_by("item__list__region", "item__order"))


def local_counts(industry: str) -> Counter[str]:
    """Return how many lines of cities' own lists fall under each segment of an industry."""
    rows = LocalItem.objects.filter(links__target__startswith=f"{industry}/").values_list("links__target", flat=True)
    return Counter(target for target in rows if target.startswith(f"{industry}/"))
