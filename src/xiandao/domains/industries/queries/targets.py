"""What aliases and cities' lists may refer to: the segments and products of a version, with their names."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from rapidfuzz import fuzz, process

from xiandao.domains.industries.content import Content
from xiandao.domains.industries.models import CatalogueVersion, LocalItem, LocalList, Product, Segment
from xiandao.domains.industries.queries.catalogue import content_of

_ALIKE = 72
_MOST = 4


def segments(version: CatalogueVersion) -> dict[str, str]:
    """Return the segments of a version (INDUSTRY/SEGMENT) with their names, in order."""
    rows = Segment.objects.filter(version=version).select_related("industry").order_by("industry__order", "order")
    return {f"{row.industry_id}/{row.code}": f"{row.industry.label} › {row.label}" for row in rows}


def targets(version: CatalogueVersion) -> dict[str, str]:
    """Return segments and products of a version with their names. Where both have one code the product is meant."""
    rows = Product.objects.filter(version=version).select_related("segment__industry")
    products = {
        f"{row.segment.industry_id}/{row.code}": f"{row.segment.industry.label} › {row.segment.label} › {row.label}"
        for row in rows.order_by("segment__industry__order", "segment__order", "order")
    }
    return segments(version) | products


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A segment a line may fall under, and why."""

    target: str
    name: str
    why: str


class Suggester:
    """Says which segments of a version the lines of a city's list may fall under: by its words, then by likeness."""

    def __init__(self, version: CatalogueVersion) -> None:
        content: Content = content_of(version)
        self.names = segments(version)
        of = {path: f"{path[0]}/{part.segment}" for path, part in content.products.items()}
        weights = {"core": 2, "weak": 1, "related": 0}
        self.words = sorted(
            ((path[2], weights[part.weight], of[path[:2]]) for path, part in content.terms.items()),
            key=lambda each: (-each[1], -len(each[0])),
        )
        self.alike = [(part.name, of[path]) for path, part in content.products.items()]
        self.alike += [(part.name, "/".join(path)) for path, part in content.segments.items()]
        self.choices = [name for name, _target in self.alike]

    def of(self, line: str) -> list[Suggestion]:
        """Return the likeliest segments for a line, at most four."""
        found: dict[str, str] = {}
        for word, _weight, target in self.words:
            if word in line:
                found.setdefault(target, _("含词条“%(word)s”") % {"word": word})
        likest = process.extract(line, self.choices, scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=_MOST)
        for name, _score, place in likest:
            found.setdefault(self.alike[place][1], _("与“%(name)s”相近") % {"name": name})
        return [Suggestion(target, self.names[target], why) for target, why in list(found.items())[:_MOST]]


def uncovered(version: CatalogueVersion, row: LocalList) -> list[tuple[str, str]]:
    """Return the segments of a version that no line of a list falls under, with their names."""
    covered = set(LocalItem.objects.filter(list=row).values_list("links__target", flat=True))
    return [(target, name) for target, name in segments(version).items() if target not in covered]
