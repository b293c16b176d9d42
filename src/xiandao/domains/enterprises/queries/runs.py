"""Reading runs: what each found by industry, and how one differs from another."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import BooleanField, Case, Count, Q, QuerySet, Value, When

from xiandao.domains.enterprises.figures.counting import COUNTS, ENDED
from xiandao.domains.enterprises.models import Classification, Decision, EnterpriseRole, RegisterState, Run, RunState
from xiandao.domains.industries.models import Industry
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.shared.remember import remembered

EXAMPLES: Final = 8
Result = tuple[str, str, bool]
"""Role, decision, and whether it counts, of one enterprise in one industry."""


def runs(viewer: Viewer) -> QuerySet[Run]:
    """Return the runs a viewer may see, newest first."""
    return Run.objects.visible_to(viewer).select_related("register", "catalogue", "user")


def run_by_number(viewer: Viewer, number: int) -> Run:
    """Return one run. Raises Run.DoesNotExist; missing and hidden look the same."""
    return runs(viewer).get(number=number)


def run_in_force(viewer: Viewer) -> Run | None:
    """Return the run in force, or None where there is none, or none to be seen."""
    return runs(viewer).filter(state=RunState.CURRENT).first()


def former_of(viewer: Viewer, run: Run) -> Run | None:
    """Return the run that was in force before this one, or None."""
    done = (RunState.CURRENT, RunState.SUPERSEDED)
    return runs(viewer).filter(number__lt=run.number, state__in=done).first()


def counting(run: Run) -> Q:
    """Return the condition of results of a run that count: decided "in", core or service, in business on the day of
    the run's register, not merged into another. What the register said of an end since is not held against it.
    """
    later = Q(enterprise__gone_in=None) | Q(enterprise__gone_in__number__gt=run.register.number)
    days = Q(enterprise__ended_on=None) | Q(enterprise__ended_on__gt=run.register.as_of)
    condition = COUNTS & later & days & Q(enterprise__same_as=None)
    if run.register.state == RegisterState.CURRENT:
        for word in ENDED:
            condition &= ~Q(enterprise__status__startswith=word)
    return condition


@dataclass
class IndustryLine:
    """What a run found of one industry: enterprises that count by role, and results by decision."""

    industry: Industry
    core: int
    service: int
    into: int
    review: int
    out: int
    settled: int

    @property
    def counts(self) -> int:
        """The enterprises that count."""
        return self.core + self.service


def by_industry(viewer: Viewer, run: Run) -> list[IndustryLine]:
    """Return a line for every industry in which the run found something the viewer sees, in order. Two queries."""
    counts = counting(run)
    found = (
        Classification.objects.visible_to(viewer)
        .filter(run=run)
        .order_by()
        .values("industry")
        .annotate(
            core=Count("pk", filter=counts & Q(role=EnterpriseRole.CORE)),
            service=Count("pk", filter=counts & Q(role=EnterpriseRole.SERVICE)),
            into=Count("pk", filter=Q(decision=Decision.IN)),
            review=Count("pk", filter=Q(decision=Decision.REVIEW)),
            out=Count("pk", filter=Q(decision=Decision.OUT)),
            settled=Count("pk", filter=~Q(settled="model")),
        )
    )
    lines = {row.pop("industry"): row for row in found}
    industries = Industry.objects.filter(pk__in=lines).order_by("order")
    return [IndustryLine(industry, **lines[industry.pk]) for industry in industries]


@dataclass
class Difference:
    """How two runs differ in one industry: how many entered, left, changed role or decision, with examples."""

    industry: Industry
    entered: int = 0
    left: int = 0
    changed: int = 0
    examples: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


def differences(viewer: Viewer, run: Run, former: Run) -> list[Difference]:
    """Return what is different between two runs, an entry for every industry where something is."""

    def make() -> list[tuple[str, str, int]]:
        return list(_changes(viewer, run, former))

    changes = remembered("run differences", viewer.scope, run.pk, former.pk, make=make)
    industries = {row.pk: row for row in Industry.objects.order_by("order")}
    made: dict[str, Difference] = {}
    shown: list[tuple[str, str, int]] = []
    numbers: Counter[tuple[str, str]] = Counter()
    for industry, kind, enterprise in changes:
        line = made.setdefault(industry, Difference(industries[industry]))
        setattr(line, kind, getattr(line, kind) + 1)
        numbers[industry, kind] += 1
        if numbers[industry, kind] <= EXAMPLES:
            shown.append((industry, kind, enterprise))
    for row, (industry, kind, _pk) in zip(_rows(viewer, run, former, shown), shown, strict=True):
        made[industry].examples.setdefault(kind, []).append(row)
    return sorted(made.values(), key=lambda line: line.industry.order)


def all_changes(viewer: Viewer, run: Run, former: Run) -> Iterator[dict[str, Any]]:
    """Yield every change between two runs as a row: industry, kind, enterprise, and what each run said."""
    found = list(_changes(viewer, run, former))
    for start in range(0, len(found), 500):
        yield from _rows(viewer, run, former, found[start : start + 500])


def _changes(viewer: Viewer, run: Run, former: Run) -> Iterator[tuple[str, str, int]]:
    """Yield (industry, entered | left | changed, enterprise) by industry, kind and enterprise."""
    now, was = _results(viewer, run), _results(viewer, former)
    nothing: Result = ("", "", False)
    found = []
    for pair in now.keys() | was.keys():
        new, old = now.get(pair, nothing), was.get(pair, nothing)
        if new[2] != old[2]:
            found.append((pair[1], "entered" if new[2] else "left", pair[0]))
        elif new[:2] != old[:2]:
            found.append((pair[1], "changed", pair[0]))
    yield from sorted(found)


def _results(viewer: Viewer, run: Run) -> dict[tuple[int, str], Result]:
    rows = Classification.objects.visible_to(viewer).filter(run=run, enterprise__same_as=None).order_by()
    counts = Case(When(counting(run), then=Value(True)), default=Value(False), output_field=BooleanField())
    values = rows.annotate(counts=counts).values_list("enterprise_id", "industry_id", "role", "decision", "counts")
    return {(pk, industry): (role, decision, into) for pk, industry, role, decision, into in values.iterator(5_000)}


def _rows(viewer: Viewer, run: Run, former: Run, wanted: Iterable[tuple[str, str, int]]) -> list[dict[str, Any]]:
    """Return rows for changes, in their order. Two queries for all."""
    listed = list(wanted)
    pks = {pk for _industry, _kind, pk in listed}
    results = Classification.objects.visible_to(viewer).filter(run__in=(run, former), enterprise__in=pks)
    found = {
        (each.run_id, each.enterprise_id, each.industry_id): each
        for each in results.select_related("enterprise__region", "industry").order_by()
    }
    rows = []
    for industry, kind, pk in listed:
        new, old = found.get((run.pk, pk, industry)), found.get((former.pk, pk, industry))
        one = new or old
        if one is not None:
            rows.append({"kind": kind, "enterprise": one.enterprise, "industry": one.industry, "new": new, "old": old})
    return rows
