"""An industry's chain: its segments from upstream to downstream with the enterprises in each, and where it is thin."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from xiandao.domains.enterprises.figures.counting import Cell, Cube, cube
from xiandao.domains.enterprises.models import Run
from xiandao.domains.enterprises.queries.names import segments
from xiandao.domains.inbox.packvalues import value
from xiandao.domains.industries.models import Segment, Stage

STAGES: Final = (Stage.UPSTREAM, Stage.MIDSTREAM, Stage.DOWNSTREAM, Stage.SUPPORTING)


@dataclass(slots=True)
class Link:
    """A segment with all its enterprises, those of the city looked at, and how many each city has.

    `state`: "empty" without an enterprise, "thin" with fewer than the threshold, else "". It is judged in the city
    where one is looked at. `quotient`: the segment's share of the city's chain over its share of the whole chain.
    """

    segment: Segment
    whole: Cell = field(default_factory=Cell)
    own: Cell = field(default_factory=Cell)
    by_city: dict[str, int] = field(default_factory=dict)
    state: str = ""
    quotient: float | None = None


@dataclass(frozen=True, slots=True)
class Chain:
    """A chain by stages; `other`: enterprises whose segment the catalogue does not have (any more)."""

    stages: dict[str, list[Link]]
    whole: Cell
    own: Cell
    other: Cell
    threshold: int

    @property
    def links(self) -> list[Link]:
        """All segments along the chain."""
        return [link for stage in STAGES for link in self.stages[stage]]

    @property
    def weak(self) -> list[Link]:
        """Segments without or with few enterprises."""
        return [link for link in self.links if link.state]


def thin_below() -> int:
    """Return from how many enterprises on a segment is not thin: pack data."""
    return int(value("layout.thin_segment"))


def chain(run: Run, industry: str, city: str = "") -> Chain:
    """Return the chain of an industry, seen from a city or from the province."""
    counts, threshold = cube(run), thin_below()
    rows = [row for row in segments(run) if row.industry_id == industry]
    links = {row.code: Link(row) for row in rows}
    whole, own, other = Cell(), Cell(), Cell()
    for (one_industry, segment, one_city), cell in counts.cells.items():
        if one_industry != industry:
            continue
        whole.add(cell)
        if one_city == city:
            own.add(cell)
        link = links.get(segment)
        if link is None:
            other.add(cell)
            continue
        link.whole.add(cell)
        link.by_city[one_city] = link.by_city.get(one_city, 0) + cell.firms
        if one_city == city:
            link.own.add(cell)
    for link in links.values():
        _judge(link, whole, own, threshold, city=city)
    stages = {str(stage): [link for link in links.values() if link.segment.stage == stage] for stage in STAGES}
    return Chain(stages, whole, own, other, threshold)


def _judge(link: Link, whole: Cell, own: Cell, threshold: int, *, city: str) -> None:
    looked_at = link.own if city else link.whole
    if looked_at.firms == 0:
        link.state = "empty"
    elif looked_at.firms < threshold:
        link.state = "thin"
    if city and own.firms and link.whole.firms and whole.firms:
        link.quotient = (link.own.firms / own.firms) / (link.whole.firms / whole.firms)


@dataclass(frozen=True, slots=True)
class Overview:
    """An industry in one line: enterprises by stage, and how many segments are empty or thin."""

    industry: str
    stages: list[int]
    firms: int
    empty: int
    thin: int
    segments: int


def overview(run: Run, industries: Iterable[str], city: str = "") -> list[Overview]:
    """Return all chains in one line each."""
    counts, threshold = cube(run), thin_below()
    rows = segments(run)
    return [
        _line(counts, industry, [row for row in rows if row.industry_id == industry], city, threshold)
        for industry in industries
    ]


def _line(counts: Cube, industry: str, rows: list[Segment], city: str, threshold: int) -> Overview:
    firms = {row.code: 0 for row in rows}
    for (one_industry, segment, one_city), cell in counts.cells.items():
        if one_industry == industry and segment in firms and city in {"", one_city}:
            firms[segment] += cell.firms
    stages = [sum(firms[row.code] for row in rows if row.stage == stage) for stage in STAGES]
    empty = sum(1 for n in firms.values() if n == 0)
    thin = sum(1 for n in firms.values() if 0 < n < threshold)
    return Overview(industry, stages, sum(firms.values()), empty, thin, len(rows))
