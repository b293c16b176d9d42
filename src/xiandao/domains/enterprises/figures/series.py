"""How many enterprises there were at the end of each year and how many were registered in it, by industry and city."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import ExtractYear

from xiandao.domains.enterprises.figures.counting import COUNTS, ENDED, cities_by_region
from xiandao.domains.enterprises.figures.kept import kept
from xiandao.domains.enterprises.figures.links import rows_ref
from xiandao.domains.enterprises.models import Classification, Run, RunState
from xiandao.kernel import Figure, FigureKind, Period

METHOD: Final = (
    "年末在业：当年年末以前成立、其后才注销或不再登记的核心和服务企业；结论按最近一次识别，不回溯当年的经营范围"
)
_GONE_RUNS: Final = (RunState.CURRENT, RunState.SUPERSEDED)


@dataclass(frozen=True, slots=True)
class Year:
    """A year: how many enterprises were in business at its end (or on the register's day) and how many were new."""

    year: int
    existing: Figure
    new: Figure


@dataclass(frozen=True, slots=True)
class Series:
    """The years from first to last; `undated` enterprises count in none of them: their day is not known."""

    years: list[Year]
    undated: int


def lives(run: Run) -> QuerySet[Classification]:
    """Return what counts, with enterprises that are gone by now as the last run that still had them saw them."""
    newest = (
        Run.objects.for_system("runs of former registers")
        .filter(register=OuterRef("run__register"), state__in=_GONE_RUNS)
        .order_by("-number")
        .values("pk")[:1]
    )
    gone = Q(enterprise__gone_in__isnull=False, enterprise__last_seen=F("run__register"), run=Subquery(newest))
    rows = Classification.objects.for_system("counts are public")
    return rows.filter(COUNTS, Q(run=run) | gone, enterprise__same_as=None)


def series(run: Run, *, industry: str = "", city: str = "", first: int | None = None) -> Series:
    """Return the years up to the register's day, from `first` or the first with an enterprise.

    Without an industry each enterprise counts once.
    """
    counts = kept("enterprises.series", run.pk, make=lambda: _counts(run))
    born, ended, undated = _picked(counts, industry, city)
    last = run.register.as_of.year
    start = max(min(born, default=last), first or 0)
    existing = sum(n for year, n in born.items() if year < start) - sum(n for year, n in ended.items() if year < start)
    years = []
    for year in range(min(start, last), last + 1):
        existing += born.get(year, 0) - ended.get(year, 0)
        years.append(_year(run, year, existing, born.get(year, 0), industry=industry, city=city))
    return Series(years, undated)


def _picked(
    counts: dict[tuple[str, str], "_Count"], industry: str, city: str
) -> tuple[dict[int, int], dict[int, int], int]:
    born: dict[int, int] = defaultdict(int)
    ended: dict[int, int] = defaultdict(int)
    undated = 0
    for (one_industry, one_city), count in counts.items():
        if one_industry == industry and city in {"", one_city}:
            undated += count.undated
            for year, n in count.born.items():
                born[year] += n
            for year, n in count.ended.items():
                ended[year] += n
    return born, ended, undated


def _year(run: Run, year: int, existing: int, new: int, *, industry: str, city: str) -> Year:
    day = min(dt.date(year, 12, 31), run.register.as_of)
    life = str(year) if year < run.register.as_of.year else ""
    common: dict[str, Any] = {
        "unit": "家",
        "period": Period.parse(str(year)),
        "kind": FigureKind.ESTIMATED,
        "as_of": day,
        "method": METHOD,
    }
    return Year(
        year,
        Figure("年末在业企业", existing, rows=rows_ref(existing, industry=industry, city=city, life=life), **common),
        Figure(
            "当年新登记企业",
            new,
            rows=rows_ref(new, industry=industry, city=city, since=year, until=year, life="any"),
            **common,
        ),
    )


@dataclass(slots=True)
class _Count:
    born: dict[int, int]
    ended: dict[int, int]
    undated: int = 0


def _counts(run: Run) -> dict[tuple[str, str], _Count]:
    """Return births and ends by industry ("" for each enterprise once) and city."""
    city = cities_by_region()
    found: dict[tuple[str, str], _Count] = {}
    base = (
        lives(run)
        .order_by()
        .annotate(
            born=ExtractYear("enterprise__registered_on"),
            ended=ExtractYear("enterprise__ended_on"),
            gone=ExtractYear("enterprise__gone_in__as_of"),
        )
    )
    lines = ["enterprise__region_id", "born", "ended", "gone", "enterprise__status"]
    groups = [
        *base.values_list("industry_id", *lines).annotate(n=Count("enterprise", distinct=True)),
        *(("", *row) for row in base.values_list(*lines).annotate(n=Count("enterprise", distinct=True))),
    ]
    for industry, region, born, ended, gone, status, n in groups:
        count = found.setdefault((industry, city.get(region, "")), _Count(defaultdict(int), defaultdict(int)))
        if born is None:
            count.undated += n
            continue
        count.born[born] += n
        over = _over(ended, gone, status, run.register.as_of.year)
        if over is not None:
            count.ended[max(over, born)] += n
    return found


def _over(ended: int | None, gone: int | None, status: str, last: int) -> int | None:
    """Return the year an enterprise ended in: the earliest known, the register's own where only the status says so."""
    years = [year for year in (ended, gone) if year is not None]
    if years:
        return min(years)
    return last if status.startswith(ENDED) else None
