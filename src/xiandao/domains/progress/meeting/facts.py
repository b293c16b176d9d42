"""Everything papers say, fetched and added up: the same few queries however many rows there are."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F

from xiandao.domains.orgs.models import Organisation
from xiandao.domains.orgs.viewer import Viewer, system
from xiandao.domains.plans.models import Action, Duty, DutyRole, Measure, Target
from xiandao.domains.progress.figures import Status, Tally, statuses, tallies
from xiandao.domains.progress.figures.cities import looked_by_city
from xiandao.domains.progress.figures.tolerance import path_tolerance
from xiandao.domains.progress.meeting import rows
from xiandao.domains.progress.meeting.moment import Moment
from xiandao.domains.progress.models import (
    LetterState,
    ReportEvent,
    ReportState,
    ResultCount,
    Standing,
)

SHOWN = 100
"""So many rows of one list are printed; how many there are in all, and where the rest is, is said below it."""
EVERYTHING = system("meeting papers")


@dataclass(slots=True)
class Counts:
    """How many reports of the round in force (`late`: of all rounds) stand how; `spoken` is submitted and verified."""

    due: int = 0
    spoken: int = 0
    verified: int = 0
    late: int = 0
    standings: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, state: str, standing: str, n: int) -> None:
        """Count `n` reports of the round."""
        self.due += n
        self.spoken += n if state in rows.SPOKEN else 0
        self.verified += n if state == ReportState.VERIFIED else 0
        self.standings[standing] += n

    def standing(self, which: Standing) -> int | None:
        """Return how many say so; unknown while nobody has said anything."""
        return self.standings.get(which.value, 0) if self.spoken else None


@dataclass(frozen=True, slots=True)
class Late:
    """What one organisation owes: reports of the round in force, of earlier rounds, and the earliest deadline."""

    body: Organisation
    now: int
    before: int
    since: dt.date


@dataclass(frozen=True, slots=True)
class OpenProblem:
    """A problem that was open (see `rows.problems`): organisations by primary key, `since` the present step began."""

    code: str
    title: str
    request: str
    raised_by: int
    asked_of: int | None
    given: int | None
    holder: int | None
    waiting: int | None
    state_at: str
    raised_at: dt.datetime
    since: dt.datetime
    escalated: dt.datetime | None
    answer: str
    city: str | None


@dataclass(frozen=True, slots=True)
class OpenLetter:
    """A letter that was issued and not closed."""

    number: str | None
    title: str
    to: int
    state_at: str
    receive_by: dt.date | None
    due_on: dt.date

    def late(self, day: dt.date) -> bool:
        """Whether it was late on a day: as `rows.late_letter` says it to the database."""
        unsigned = self.state_at == LetterState.ISSUED
        if unsigned and self.receive_by is not None and self.receive_by < day:
            return True
        return (unsigned or self.state_at == LetterState.RECEIVED) and self.due_on < day


@dataclass(frozen=True, slots=True)
class Blocked:
    """A duty whose newest report says that the work is blocked."""

    measure: str
    body: int
    happened: str


@dataclass(slots=True)
class Facts:
    """Everything papers say of a plan at a moment."""

    at: Moment
    tolerance: str
    actions: int
    measures: dict[str, Measure]
    targets: list[Target]
    statuses: dict[int, Status]
    tallies: dict[int, Tally]
    leads: dict[str, list[str]]
    bodies: dict[int, Organisation]
    whole: Counts
    by_body: dict[int, Counts]
    by_city: dict[str, Counts]
    late: list[Late]
    duties_by_body: dict[int, dict[str, int]]
    duties_by_city: dict[str, int]
    problems: list[OpenProblem]
    letters: list[OpenLetter]
    blocked: list[Blocked]
    claims_by_city: dict[str, int]
    results_by_city: dict[str, int]
    looked: set[tuple[str, str]]
    new: list[ResultCount]
    new_count: int
    void_count: int
    new_by_target: dict[str, int]

    @property
    def departments(self) -> list[Organisation]:
        """The bodies of the plan's own level with a duty at the moment, in their order."""
        found = [self.bodies[pk] for pk in self.duties_by_body if pk in self.bodies]
        return sorted(found, key=lambda body: (body.order, body.code))

    def measure_name(self, key: str) -> str:
        """Return a measure's number and name in the version in force; its key where the version has none such."""
        measure = self.measures.get(key)
        return f"{measure.no} {measure.name}" if measure else key

    def body_name(self, pk: int | None) -> str:
        """Return the Chinese name of an organisation."""
        body = self.bodies.get(pk) if pk else None
        return body.name if body else "—"


def facts_at(at: Moment) -> Facts:
    """Return everything papers say at a moment. For callers that have checked who may read papers."""
    viewer = EVERYTHING
    measures = list(Measure.objects.visible_to(viewer).filter(version=at.version).only("key", "no", "name", "order"))
    targets = list(
        Target.objects.visible_to(viewer)
        .filter(version=at.version)
        .select_related("version__plan", "measure")
        .order_by("order")
    )
    counted = _reports(viewer, at)
    found = [
        OpenProblem(**row)
        for row in rows.problems(viewer, at).order_by("raised_at", "code").values(*OpenProblem.__slots__)
    ]
    letters = [
        OpenLetter(**row)
        for row in rows.letters(viewer, at).order_by("issued_at", "number").values(*OpenLetter.__slots__)
    ]
    blocked = _blocked(viewer, at)
    duties_by_body, duties_by_city = _duties(viewer, at)
    wanted = {pk for row in found for pk in (row.raised_by, row.holder, row.waiting, row.given, row.asked_of)}
    wanted |= {row.to for row in letters} | {row.body for row in blocked}
    wanted |= set(counted.by_body) | set(counted.late) | set(duties_by_body)
    bodies = Organisation.objects.in_bulk([pk for pk in wanted if pk])
    new = rows.newly_counted(at)
    per_target = dict(new.order_by().values_list("target_key").annotate(n=Count("pk")))
    return Facts(
        at=at,
        tolerance=f"{path_tolerance().normalize():f}",
        actions=Action.objects.visible_to(viewer).filter(version=at.version).count(),
        measures={row.key: row for row in measures},
        targets=targets,
        statuses=statuses(targets, as_of=at.as_of, series=True),
        tallies=tallies(viewer, targets, as_of=at.as_of),
        leads=_leads(viewer, at),
        bodies=bodies,
        whole=counted.whole,
        by_body=counted.by_body,
        by_city=counted.by_city,
        late=_late(at, counted.late, bodies),
        duties_by_body=duties_by_body,
        duties_by_city=duties_by_city,
        problems=found,
        letters=letters,
        blocked=blocked,
        claims_by_city=_by_city(rows.claimed(viewer, at), Count("pk")),
        results_by_city=_by_city(rows.counted(at), Count("result", distinct=True)),
        looked={(city, event) for _measure, city, event in looked_by_city([at.plan.pk], at.as_of)},
        new=list(new.select_related("result__region").order_by("target_key", "result__code")[:SHOWN]),
        new_count=sum(per_target.values()),
        void_count=rows.newly_void(at).count(),
        new_by_target=per_target,
    )


@dataclass(slots=True)
class _Counted:
    whole: Counts = field(default_factory=Counts)
    by_body: dict[int, Counts] = field(default_factory=lambda: defaultdict(Counts))
    by_city: dict[str, Counts] = field(default_factory=lambda: defaultdict(Counts))
    late: dict[int, dict[int, int]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))


def _reports(viewer: Viewer, at: Moment) -> _Counted:
    """Count the reports of every round by body and city: grouped by the database, so rows are few."""
    made = _Counted()
    late = {row.pk for row in at.late_rounds}
    grouped = (
        rows.reports(viewer, at)
        .order_by()
        .values_list("round", "assignment__organisation", "city", "state_at", "standing_at")
        .annotate(n=Count("pk"))
    )
    in_force = at.round.pk if at.round else None
    for round_, body, city, state, standing, n in grouped:
        parts = [made.whole, made.by_body[body], *([made.by_city[city]] if city else [])]
        if round_ == in_force:
            for part in parts:
                part.add(state, standing, n)
        if round_ in late and state not in rows.SPOKEN:
            made.late[body][round_] += n
            for part in parts:
                part.late += n
    return made


def _late(at: Moment, owed: Mapping[int, Mapping[int, int]], bodies: Mapping[int, Organisation]) -> list[Late]:
    """Return who is late, most first."""
    due = {row.pk: row.due_on for row in at.rounds}
    in_force = at.round.pk if at.round else None
    found = []
    for pk, by_round in owed.items():
        now = by_round.get(in_force, 0) if in_force else 0
        found.append(Late(bodies[pk], now, sum(by_round.values()) - now, min(due[row] for row in by_round)))
    return sorted(found, key=lambda row: (-row.now - row.before, row.body.order, row.body.code))


def _duties(viewer: Viewer, at: Moment) -> tuple[dict[int, dict[str, int]], dict[str, int]]:
    """Return duties of the bodies of the plan's own level by role, and of everybody in each city."""
    by_body: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    by_city: dict[str, int] = defaultdict(int)
    grouped = (
        rows.duties(viewer, at).order_by().values_list("organisation", "region", "city", "role").annotate(n=Count("pk"))
    )
    for body, region, city, role, n in grouped:
        if region == at.plan.region_id:
            by_body[body][role] += n
        if city:
            by_city[city] += n
    return dict(by_body), dict(by_city)


def _blocked(viewer: Viewer, at: Moment) -> list[Blocked]:
    """Return the duties whose reports of the round in force say the work is blocked."""
    if at.round is None:
        return []
    found = rows.reports(viewer, at).filter(round=at.round.pk, standing_at=Standing.BLOCKED)
    ordered = found.order_by(
        "assignment__measure_key", F("city").asc(nulls_first=True), "assignment__organisation__order", "pk"
    )
    values = ordered.values_list("assignment__measure_key", "assignment__organisation", "happened_at")
    return [Blocked(*row) for row in values]


def _leads(viewer: Viewer, at: Moment) -> dict[str, list[str]]:
    """Return the codes of the bodies that lead each measure."""
    found: dict[str, list[str]] = defaultdict(list)
    duties = Duty.objects.visible_to(viewer).filter(version=at.version, role=DutyRole.LEAD, organisation__isnull=False)
    for measure, code in duties.order_by("order").values_list("measure__key", "organisation__code"):
        found[measure].append(code)
    return dict(found)


def _by_city(found: Any, how_many: Any) -> dict[str, int]:
    return {city: n for city, n in found.order_by().values_list("city").annotate(n=how_many) if city}


def unknown_city(facts: Facts, city: str, event: ReportEvent) -> bool:
    """Whether nobody in a city had submitted (or verified) a report by the moment, so that nothing there is no zero."""
    events = {ReportEvent.SUBMITTED, ReportEvent.VERIFIED} if event == ReportEvent.SUBMITTED else {event}
    return not any((city, each) in facts.looked for each in events)
