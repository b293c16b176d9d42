"""A whole product catalogue as one value: what versions, drafts and workbooks are read into, compared and written from.

Five tables of plain records, each found by its codes. The order of records is kept for showing and does not count when
two catalogues are compared.
"""

import hashlib
import json
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal, Self

Kind = Literal["industry", "segment", "product", "term", "trap"]
KINDS: Final[tuple[Kind, ...]] = ("industry", "segment", "product", "term", "trap")
"""In the order in which records need each other."""
Path = tuple[str, ...]
"""(industry,), (industry, segment), (industry, product), (industry, product, word), (industry or "", words)."""


@dataclass(frozen=True, slots=True)
class Industry:
    """What the catalogue says of an industry as a whole."""

    definition: str
    includes: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    order: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the chain."""

    name: str
    name_en: str
    stage: str
    gbt4754: tuple[str, ...] = ()
    strategic: tuple[str, ...] = ()
    ipc: tuple[str, ...] = ()
    order: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Product:
    """A product or technology, and the segment it stands in."""

    segment: str
    name: str
    name_en: str
    definition: str
    includes: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    activity: bool = False
    order: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a product; `of` is the term it is a synonym of, "" for a term itself."""

    weight: str
    of: str = ""
    order: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Trap:
    """A phrase in which a term means something else. All of it is in its path."""

    order: int = field(default=0, compare=False)


Part = Industry | Segment | Product | Term | Trap
PARTS: Final[dict[Kind, type[Part]]] = {
    "industry": Industry,
    "segment": Segment,
    "product": Product,
    "term": Term,
    "trap": Trap,
}


@dataclass(frozen=True, slots=True)
class Content:
    """The catalogue. Each table maps the path of a record to the record, in the order in which they are shown."""

    industries: dict[Path, Industry] = field(default_factory=dict)
    segments: dict[Path, Segment] = field(default_factory=dict)
    products: dict[Path, Product] = field(default_factory=dict)
    terms: dict[Path, Term] = field(default_factory=dict)
    traps: dict[Path, Trap] = field(default_factory=dict)

    def table(self, kind: Kind) -> dict[Path, Any]:
        """Return the table of a kind of record."""
        tables: dict[Kind, dict[Path, Any]] = {
            "industry": self.industries,
            "segment": self.segments,
            "product": self.products,
            "term": self.terms,
            "trap": self.traps,
        }
        return tables[kind]

    def put(self, kind: Kind, path: Path, part: Part) -> Self:
        """Return the catalogue with a record added or replaced; a new one comes last of its table."""
        return self._with(kind, {**self.table(kind), path: part})

    def drop(self, kind: Kind, path: Path) -> Self:
        """Return the catalogue without a record. Raises KeyError where there is none."""
        table = dict(self.table(kind))
        del table[path]
        return self._with(kind, table)

    def _with(self, kind: Kind, table: dict[Path, Any]) -> Self:
        names = {
            "industry": "industries",
            "segment": "segments",
            "product": "products",
            "term": "terms",
            "trap": "traps",
        }
        return replace(self, **{names[kind]: table})

    def next_order(self, kind: Kind) -> int:
        """Return an order behind all records of a kind."""
        return max((part.order for part in self.table(kind).values()), default=-1) + 1

    def products_of(self, industry: str, segment: str) -> dict[Path, Product]:
        """Return the products of a segment."""
        return {path: part for path, part in self.products.items() if path[0] == industry and part.segment == segment}

    def terms_of(self, industry: str, product: str) -> dict[str, Term]:
        """Return the words of a product."""
        return {path[2]: part for path, part in self.terms.items() if path[:2] == (industry, product)}

    @property
    def digest(self) -> str:
        """The SHA-256 of the content in canonical form; the order of records makes no difference."""
        rows = [
            [kind, *path, *(value for name, value in fields_of(part).items() if name != "order")]
            for kind in KINDS
            for path, part in sorted(self.table(kind).items())
        ]
        text = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def fields_of(part: Part) -> dict[str, Any]:
    """Return the values of a record by field; lists as lists."""
    found = {name: getattr(part, name) for name in part.__slots__}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in found.items()}


def fingerprint(part: Part | None) -> str:
    """Return a short mark of a record as it stands, so that a form can tell whether somebody changed it meanwhile."""
    if part is None:
        return ""
    words = {name: value for name, value in fields_of(part).items() if name != "order"}
    return hashlib.sha256(json.dumps(words, ensure_ascii=False).encode()).hexdigest()[:16]
