"""The layout matrix: cities by industries, location quotients, and where many cities pile into the same thing."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from typing import Any, Final

import numpy as np

from xiandao.domains.enterprises.figures.counting import Cell, Cube, cities, cube
from xiandao.domains.enterprises.figures.registered import registered_by_city
from xiandao.domains.enterprises.models import Run
from xiandao.domains.enterprises.queries.names import segments
from xiandao.domains.inbox.models import PackValue
from xiandao.domains.industries.models import Industry
from xiandao.domains.orgs.models import Region
from xiandao.engines.location import crowds, krugman, quotients, similarity

NUMBER, CAPITAL, NEW = "number", "capital", "new"
IDENTIFIED, REGISTERED = "identified", "registered"
_HUNDRED_MILLION: Final = Decimal(10**8)
_MEASURES: Final[dict[str, Callable[[Cell], int | Decimal]]] = {
    NUMBER: lambda cell: cell.firms,
    CAPITAL: lambda cell: cell.capital / _HUNDRED_MILLION,
    NEW: lambda cell: cell.new,
}


@dataclass(frozen=True, slots=True)
class Thresholds:
    """layout.yaml as read, with its source."""

    thin_segment: int
    high_quotient: float
    small_number: int
    crowd_cities: int
    crowd_alike: float
    alike_cities: float
    source: str


def thresholds() -> Thresholds:
    """Return the thresholds of the pack. Raises KeyError where it has none."""
    rows = {row.key.removeprefix("layout."): row for row in PackValue.objects.filter(key__startswith="layout.")}
    source = rows["thin_segment"].source
    return Thresholds(**{key: row.value for key, row in rows.items()}, source=source)


@dataclass(frozen=True, slots=True)
class Square:
    """One city and industry. `state`: none, small (too few to judge), high (over-represented) or ""."""

    city: Region
    industry: Industry
    firms: int
    amount: int | Decimal
    share: float | None
    part: float | None
    quotient: float | None
    state: str


@dataclass(frozen=True, slots=True)
class Piled:
    """An industry into which several cities crowd: who, how alike their segments are."""

    industry: Industry
    cities: list[Region]
    alike: float | None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two cities and how much alike their structures are: similarity coefficient and Krugman's index."""

    one: Region
    other: Region
    similarity: float
    krugman: float
    alike: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """The whole matrix. `base`: what quotients are against; `base_known` False where all registered are not known."""

    cities: list[Region]
    industries: list[Industry]
    rows: list[list[Square]]
    city_sums: list[int | Decimal]
    industry_sums: list[int | Decimal]
    total: int | Decimal
    unplaced: int
    piled: list[Piled]
    pairs: list[Pair]
    base: str
    base_known: bool
    limits: Thresholds


def layout(run: Run, *, measure: str = NUMBER, since: int | None = None, base: str = IDENTIFIED) -> Layout:
    """Return the matrix of a measure: number, registered capital (亿元), or those registered since a year."""
    counts = cube(run, since=since)
    places, industries = cities(), list(Industry.objects.order_by("order"))
    limits = thresholds()
    cells = counts.by(0, 2)
    table = [[cells.get((industry.code, city.code), Cell()) for industry in industries] for city in places]
    amounts = np.array([[float(_MEASURES[measure](cell)) for cell in row] for row in table]).reshape(len(places), -1)
    everyone = registered_by_city(run.register) if base == REGISTERED else None
    whole = [everyone.get(city.code, 0) for city in places] if everyone else None
    ratio = quotients(amounts, whole=whole)
    sums = amounts.sum(axis=1) if whole is None else np.array(whole, float)
    rows = [
        [
            _square(
                city,
                industry,
                cell,
                measure=measure,
                ratio=ratio[i, j],
                total=sums[i],
                all_of=amounts[:, j].sum(),
                limits=limits,
            )
            for j, (industry, cell) in enumerate(zip(industries, row, strict=True))
        ]
        for i, (city, row) in enumerate(zip(places, table, strict=True))
    ]
    of = _MEASURES[measure]
    return Layout(
        places,
        industries,
        rows,
        [sum((of(cell) for cell in row), start=_zero(measure)) for row in table],
        [sum((of(row[j]) for row in table), start=_zero(measure)) for j in range(len(industries))],
        sum((of(cell) for row in table for cell in row), start=_zero(measure)),
        sum(cell.firms for (_industry, city), cell in cells.items() if not city),
        _piled(run, counts, places, industries, limits=limits, whole=whole),
        _pairs(table, places, limits),
        base,
        base == IDENTIFIED or everyone is not None,
        limits,
    )


def _zero(measure: str) -> int | Decimal:
    return Decimal(0) if measure == CAPITAL else 0


def _square(
    city: Region,
    industry: Industry,
    cell: Cell,
    *,
    measure: str,
    ratio: float,
    total: float,
    all_of: float,
    limits: Thresholds,
) -> Square:
    amount = _MEASURES[measure](cell)
    quotient = None if np.isnan(ratio) else float(ratio)
    state = ""
    if cell.firms == 0:
        state = "none"
    elif cell.firms < limits.small_number:
        state = "small"
    elif quotient is not None and quotient > limits.high_quotient:
        state = "high"
    share = float(amount) / total if total else None
    part = float(amount) / all_of if all_of else None
    return Square(city, industry, cell.firms, amount, share, part, quotient, state)


def _piled(
    run: Run,
    counts: Cube,
    places: list[Region],
    industries: list[Industry],
    *,
    limits: Thresholds,
    whole: list[int] | None,
) -> list[Piled]:
    """Return the industries into which many cities crowd, by number of enterprises whatever the measure shown."""
    cells = counts.by(0, 2)
    amounts = [[cells.get((industry.code, city.code), Cell()).firms for industry in industries] for city in places]
    codes = {
        industry.code: [row.code for row in segments(run) if row.industry_id == industry.code]
        for industry in industries
    }
    parts: list[Any] = [
        [[_firms(counts, industry.code, segment, city.code) for segment in codes[industry.code]] for city in places]
        for industry in industries
    ]
    found = crowds(
        amounts,
        parts,
        quotient=limits.high_quotient,
        places=limits.crowd_cities,
        alike=limits.crowd_alike,
        least=limits.small_number,
        whole=whole,
    )
    return [Piled(industries[each.industry], [places[place] for place in each.places], each.alike) for each in found]


def _firms(counts: Cube, industry: str, segment: str, city: str) -> int:
    cell = counts.cells.get((industry, segment, city))
    return cell.firms if cell else 0


def _pairs(table: list[list[Cell]], places: list[Region], limits: Thresholds) -> list[Pair]:
    """Return every two cities with enough enterprises to be judged, the most alike first."""
    firms = [[cell.firms for cell in row] for row in table]
    likeness, apart = similarity(firms), krugman(firms)
    enough = [place for place, row in enumerate(firms) if sum(row) >= limits.small_number]
    pairs = [
        Pair(
            places[one],
            places[other],
            float(likeness[one, other]),
            float(apart[one, other]),
            bool(likeness[one, other] >= limits.alike_cities),
        )
        for one, other in combinations(enough, 2)
    ]
    return sorted(pairs, key=lambda pair: (-pair.similarity, pair.one.code, pair.other.code))
