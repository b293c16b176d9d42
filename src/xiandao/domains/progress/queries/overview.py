"""The working overview: what is late and where, how duties stand, who waits, which targets are behind, what is due.

Everything is added up by the database; the number of queries does not depend on the number of rows.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet

from xiandao.domains.orgs.models import Region
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.plans.models import Measure, PlanVersion, Target
from xiandao.domains.progress.figures.status import Status, statuses
from xiandao.domains.progress.models import (
    Letter,
    LetterState,
    Problem,
    Report,
    ReportState,
    Round,
    RoundState,
    ShareSet,
    ShareState,
    Standing,
)
from xiandao.domains.progress.queries.problems import OPEN, Wait, waits
from xiandao.domains.progress.queries.rounds import OWED
from xiandao.domains.progress.queries.targets import cities_of

WITH_REPORTER = (ReportState.EMPTY, ReportState.DRAFT, ReportState.RETURNED)
SPOKEN = (ReportState.SUBMITTED, ReportState.VERIFIED)
SEVERITY = (Standing.BLOCKED, Standing.AT_RISK, Standing.ON_TRACK, Standing.DONE)
LETTER_OPEN = (LetterState.ISSUED, LetterState.RECEIVED)


@dataclass(frozen=True, slots=True)
class Owing:
    """How many reports of a round one body (or one city) owes of how many, and how many of them are late."""

    code: str
    name: str
    reports: int
    owing: int
    late: int


@dataclass(frozen=True, slots=True)
class Cell:
    """How one measure stands in one city: the gravest word of its reports; `code` empty where nobody has reported."""

    code: str
    label: str
    reports: int
    spoken: int


@dataclass(frozen=True, slots=True)
class Deadline:
    """Something due: its day, what it is, and where it is seen (view name and arguments)."""

    on: dt.date
    kind: str
    name: str
    pk: int | str
    count: int = 1


@dataclass(slots=True)
class Overview:
    """Everything the overview shows of one plan and one round, within what the viewer may see."""

    version: PlanVersion
    today: dt.date
    rounds: list[Round]
    round: Round | None
    states: dict[str, int] = field(default_factory=dict)
    standings: dict[str, int] = field(default_factory=dict)
    late: int = 0
    departments: list[Owing] = field(default_factory=list)
    cities: list[Owing] = field(default_factory=list)
    measures: list[Measure] = field(default_factory=list)
    heat: list[tuple[Region, list[tuple[Measure, Cell | None]]]] = field(default_factory=list)
    waits: list[Wait] = field(default_factory=list)
    targets: list[tuple[Target, Status]] = field(default_factory=list)
    shares_waiting: int = 0
    deadlines: list[Deadline] = field(default_factory=list)

    @property
    def reports(self) -> int:
        return sum(self.states.values())

    @property
    def owing(self) -> int:
        return sum(self.states.get(state.value, 0) for state in WITH_REPORTER)

    @property
    def blocked(self) -> int:
        return self.standings.get(Standing.BLOCKED.value, 0)

    @property
    def waiting(self) -> int:
        """How many problems wait for somebody."""
        return sum(wait.count for wait in self.waits)

    @property
    def behind(self) -> list[tuple[Target, Status]]:
        return [(target, status) for target, status in self.targets if status.behind]

    @property
    def unknown(self) -> list[tuple[Target, Status]]:
        return [(target, status) for target, status in self.targets if status.state == "unknown"]


def overview(viewer: Viewer, version: PlanVersion, *, now: dt.datetime, today: dt.date, chosen: str = "") -> Overview:
    """Return the overview of a plan for a viewer. `chosen`: the period of a round; else the newest that is open."""
    rounds = list(Round.objects.visible_to(viewer).filter(plan=version.plan_id).order_by("-period_end"))
    made = Overview(version, today, rounds, _round(rounds, chosen))
    made.measures = list(
        Measure.objects.visible_to(viewer)
        .filter(version=version)
        .only("key", "no", "name", "name_en")
        .order_by("order")
    )
    _count_reports(viewer, made)
    made.waits = waits(viewer, today=today)
    waiting = ShareSet.objects.visible_to(viewer).filter(
        plan=OuterRef("version__plan"), target_key=OuterRef("key"), state=ShareState.PROPOSED, superseded_at=None
    )
    targets = list(
        Target.objects.visible_to(viewer)
        .filter(version=version)
        .select_related("version__plan", "measure")
        .annotate(has_proposal=Exists(waiting))
        .order_by("order")
    )
    judged = statuses(targets, as_of=now)
    made.targets = [(target, judged[target.pk]) for target in targets]
    made.shares_waiting = sum(target.has_proposal for target in targets)
    made.deadlines = _deadlines(viewer, made)
    return made


def _round(rounds: Sequence[Round], chosen: str) -> Round | None:
    """Return the round asked for, else the newest open one, else the newest."""
    asked = [row for row in rounds if row.period == chosen]
    still_open = [row for row in rounds if row.state == RoundState.OPEN]
    return next(iter([*asked, *still_open, *rounds]), None)


def reports_of(viewer: Viewer, found: Round) -> QuerySet[Report]:
    """Return the reports of a round the viewer sees."""
    return Report.objects.visible_to(viewer).filter(OWED, round=found)


def _count_reports(viewer: Viewer, made: Overview) -> None:
    """Fill in everything that is counted over the reports of the round: one pass of the database for all of it."""
    if made.round is None:
        made.heat = [(region, [(measure, None) for measure in made.measures]) for region in cities_of(made.version)]
        return
    body, place = "assignment__organisation", "assignment__region"
    rows = list(
        reports_of(viewer, made.round)
        .order_by()
        .values_list(
            f"{body}__code",
            f"{body}__name",
            f"{body}__name_en",
            f"{body}__order",
            place,
            f"{place}__parent",
            "assignment__measure_key",
            "state",
            "standing",
        )
        .annotate(n=Count("pk"))
    )
    late = made.round.due_on < made.today and made.round.state == RoundState.OPEN
    cities = {region.code: region for region in cities_of(made.version)}
    _tell(made, rows, late=late)
    made.departments, made.cities = _owing(made, rows, cities, late=late)
    made.heat = _heat(made.measures, rows, cities)


def _tell(made: Overview, rows: Sequence[Sequence[Any]], *, late: bool) -> None:
    states: dict[str, int] = defaultdict(int)
    standings: dict[str, int] = defaultdict(int)
    for *_who, state, standing, n in rows:
        states[state] += n
        standings[standing if state in SPOKEN else Standing.UNKNOWN.value] += n
    made.states, made.standings = dict(states), dict(standings)
    made.late = made.owing if late else 0


def _owing(
    made: Overview, rows: Sequence[Sequence[Any]], cities: Mapping[str, Region], *, late: bool
) -> tuple[list[Owing], list[Owing]]:
    """Return who owes reports: bodies of the province by body, those of cities and counties by city; most first."""
    names: dict[tuple[str, str], str] = {}
    total: dict[tuple[str, str], int] = defaultdict(int)
    owed: dict[tuple[str, str], int] = defaultdict(int)
    for code, name, name_en, _order, region, parent, _measure, state, _standing, n in rows:
        city = cities.get(region) or cities.get(parent or "")
        key = ("city", city.code) if city else ("body", code)
        names[key] = city.label if city else _label(name, name_en)
        total[key] += n
        owed[key] += n if state in WITH_REPORTER else 0

    def of(kind: str) -> list[Owing]:
        found = [Owing(k[1], names[k], total[k], owed[k], owed[k] if late else 0) for k in total if k[0] == kind]
        return sorted(found, key=lambda row: (-row.owing, -row.reports, row.code))

    return of("body"), of("city")


def _label(name: str, name_en: str) -> str:
    from django.utils.translation import get_language

    return name_en if name_en and (get_language() or "").startswith("en") else name


def _heat(
    measures: Sequence[Measure], rows: Sequence[Sequence[Any]], cities: Mapping[str, Region]
) -> list[tuple[Region, list[tuple[Measure, Cell | None]]]]:
    """Return city by city how each measure stands there; None where the city has no duty in it."""
    asked: dict[tuple[str, str], int] = defaultdict(int)
    said: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for _code, _name, _en, _order, region, parent, measure, state, standing, n in rows:
        city = cities.get(region) or cities.get(parent or "")
        if city is None:
            continue
        asked[city.code, measure] += n
        if state in SPOKEN and standing:
            said[city.code, measure][standing] += n

    def cell(city: str, measure: str) -> Cell | None:
        n = asked.get((city, measure), 0)
        if not n:
            return None
        told = said.get((city, measure), {})
        worst = next((code for code in SEVERITY if told.get(code.value)), None)
        return Cell(worst.value if worst else "", str(worst.label) if worst else "", n, sum(told.values()))

    return [(city, [(measure, cell(city.code, measure.key)) for measure in measures]) for city in cities.values()]


def _deadlines(viewer: Viewer, made: Overview) -> list[Deadline]:
    """Return what is due next, nearest first: open rounds, open problems, reminder letters, ends of targets."""
    found = [
        Deadline(row.due_on, "round", row.period, row.period) for row in made.rounds if row.state == RoundState.OPEN
    ]
    problems = (
        Problem.objects.visible_to(viewer)
        .filter(state__in=OPEN, due_on__gte=made.today)
        .aggregate(on=Min("due_on"), late=Count("pk"))
    )
    if problems["on"]:
        found.append(Deadline(problems["on"], "problem", "", "", problems["late"]))
    letters = (
        Letter.objects.visible_to(viewer)
        .filter(Q(due_on__gte=made.today), state__in=LETTER_OPEN)
        .aggregate(on=Min("due_on"), n=Count("pk"))
    )
    if letters["on"]:
        found.append(Deadline(letters["on"], "letter", "", "", letters["n"]))
    ends = sorted({status.goal.end for _target, status in made.targets if status.goal})
    nearest = next((end for end in ends if end >= made.today), None)
    if nearest:
        number = sum(1 for _target, status in made.targets if status.goal and status.goal.end == nearest)
        found.append(Deadline(nearest, "target", "", "", number))
    return sorted(found, key=lambda row: row.on)
