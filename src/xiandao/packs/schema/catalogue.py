"""catalogue/*.yaml: the product catalogue, one file an industry, and catalogue.yaml with what holds for all of them."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from xiandao.packs.schema.common import Code, IndustryId, Line, PackModel, Prose, Source

Stage = Literal["upstream", "midstream", "downstream", "supporting"]
"""上游, 中游, 下游, 配套."""

EconomicActivity = Annotated[str, Field(pattern=r"^[0-9]{3,4}$")]
"""Group or class of GB/T 4754—2017 (three or four digits)."""

StrategicIndustry = Annotated[str, Field(pattern=r"^[1-9](\.[1-9][0-9]?){0,2}$")]
"""Code of the classification of strategic emerging industries (2018), such as 1.2."""

PatentClass = Annotated[str, Field(pattern=r"^[A-H][0-9]{2}[A-Z]?( [0-9]{1,4}(/[0-9]{2,6})?)?$")]
"""Symbol of the international patent classification: H01M, H01M 8, H01M 8/04082."""

Word = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^\S([^\n\r]*\S)?$")]
"""A literal word or phrase as it stands in business scopes."""


class Product(PackModel):
    """A product or technology.

    A term of ``core`` names it alone; one of ``weak`` is also used elsewhere and needs a verb of making or another
    term;
    one of ``related`` counts only beside another term of the industry. ``synonyms`` maps a term to other words for it,
    which weigh the same. ``activity`` marks what is itself an activity (空中游览, 碳核查): named without a verb it is
    served.
    """

    code: Code
    name: Line
    en: Line
    definition: Prose
    includes: tuple[Line, ...] = ()
    excludes: tuple[Line, ...] = ()
    activity: bool = False
    core: tuple[Word, ...] = ()
    weak: tuple[Word, ...] = ()
    related: tuple[Word, ...] = ()
    synonyms: dict[Word, tuple[Word, ...]] = Field(default_factory=dict)


class Segment(PackModel):
    """A stretch of the chain with its links to official classifications."""

    code: Code
    name: Line
    en: Line
    stage: Stage
    gbt4754: tuple[EconomicActivity, ...] = ()
    strategic: tuple[StrategicIndustry, ...] = ()
    ipc: tuple[PatentClass, ...] = ()
    products: Annotated[tuple[Product, ...], Field(min_length=1)]


class IndustryCatalogue(PackModel):
    """catalogue/INDUSTRY.yaml. ``traps`` are literal phrases in which a term of this industry means something else."""

    industry: IndustryId
    definition: Prose
    includes: tuple[Line, ...] = ()
    excludes: tuple[Line, ...] = ()
    notes: tuple[Prose, ...] = ()
    traps: tuple[Word, ...] = ()
    segments: Annotated[tuple[Segment, ...], Field(min_length=1)]


class LocalItem(PackModel):
    """A line of a city's own list, and the segments of the province's catalogue it falls under (INDUSTRY/SEGMENT)."""

    name: Line
    segments: tuple[Annotated[str, Field(pattern=r"^[a-z0-9-]+/[a-z0-9-]+$")], ...]


class LocalList(PackModel):
    """A city's own product list mapped beside the province's."""

    region: Annotated[str, Field(pattern=r"^[0-9]{6}$")]
    name: Line
    source: Source
    items: tuple[LocalItem, ...]


class CatalogueHeader(PackModel):
    """catalogue/catalogue.yaml. ``version`` is stored beside every decision made with the catalogue."""

    version: Annotated[str, Field(pattern=r"^[0-9]{4}\.[0-9]{1,3}$")]
    name: Line
    en: Line
    issued: date
    source: Source
    note: Prose | None = None
    note_en: Prose | None = None
    traps: tuple[Word, ...] = ()
    local_lists: tuple[LocalList, ...] = ()
