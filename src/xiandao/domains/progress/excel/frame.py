"""Everything a file is written from and checked against, read once in a few queries however many rows there are."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from xiandao.domains.industries.models import Industry
from xiandao.domains.orgs.models import Organisation
from xiandao.domains.progress.actions.reports.content import EDITABLE, Content, fields_of
from xiandao.domains.progress.actions.reports.desk import held_round
from xiandao.domains.progress.actions.reports.reading import Choices
from xiandao.domains.progress.excel.scope import Scope
from xiandao.domains.progress.measure_names import measure_names
from xiandao.domains.progress.models import Claim, IdentifierKind, Problem, Report, Round, Standing

_WHY = "the scope of the file was checked"


@dataclass(frozen=True, slots=True)
class Choice:
    """A list of a sheet: what is shown in its order, and the code behind each."""

    codes: Mapping[str, str]

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]]) -> "Choice":
        """Make one from (code, label) pairs; labels that occur twice carry their code."""
        rows = list(pairs)
        seen = Counter(label for _code, label in rows)
        return cls({label if seen[label] == 1 else f"{label}（{code}）": code for code, label in rows if label})

    @property
    def labels(self) -> list[str]:
        """What the list shows."""
        return list(self.codes)

    def shows(self, code: str) -> str:
        """Return what stands for a code; the code itself where it is not among them any more."""
        return next((label for label, known in self.codes.items() if known == code), code)


@dataclass(frozen=True, slots=True)
class Frame:
    """The round, the duties of the scope with what their reports say now, and every list a cell is chosen from."""

    opened: Round
    scope: Scope
    reports: dict[int, Report]
    content: dict[int, Content]
    claims: dict[int, list[Claim]]
    decided: dict[int, list[Claim]]
    problems: list[Problem]
    choices: dict[int, Choices]
    duties: Choice
    standings: Choice
    kinds: Choice
    industries: Choice
    bodies: Choice
    targets: dict[int, Choice]
    regions: dict[int, Choice]
    measures: dict[int, str]

    @property
    def report_of_duty(self) -> dict[str, int]:
        """The report behind each label of the list of duties."""
        return {label: int(code) for label, code in self.duties.codes.items()}


def frame_of(opened: Round, scope: Scope, *, lock: bool = False) -> Frame:
    """Read what a file of this scope needs. With `lock` the reports stay locked until the transaction ends."""
    rows = scope.reports(opened).select_related("assignment__organisation", "assignment__subtask", "assignment__region")
    if lock:
        rows = rows.select_for_update(of=("self",)).order_by("pk")
    reports = {row.pk: row for row in rows}
    if lock:
        # As it is now that the reports are ours: the file may have been read for minutes.
        opened = held_round(opened.pk)
    for row in reports.values():
        row.round = opened
    reports = dict(sorted(reports.items(), key=lambda item: _place(item[1])))
    claims, decided = _claims(reports)
    choices = Choices.of_many([row.assignment for row in reports.values()])
    by_report = {pk: choices[row.assignment_id] for pk, row in reports.items()}
    measures = _measures(reports)
    return Frame(
        opened=opened,
        scope=scope,
        reports=reports,
        content={pk: _content(row, claims[pk]) for pk, row in reports.items()},
        claims=claims,
        decided=decided,
        problems=_problems(reports),
        choices=by_report,
        duties=Choice.of((str(pk), _duty(row, measures[pk], scope)) for pk, row in reports.items()),
        standings=Choice.of((value, str(label)) for value, label in Standing.choices if value),
        kinds=Choice.of((value, str(label)) for value, label in IdentifierKind.choices if value),
        industries=Choice.of((row.code, row.label) for row in Industry.objects.order_by("order")),
        bodies=Choice.of((row.code, row.label) for row in _bodies()),
        targets=_once(by_report, lambda c: tuple(c.targets), lambda c: [(t.key, t.label) for t in c.targets.values()]),
        regions=_once(by_report, lambda c: tuple(c.regions), lambda c: [(r.code, r.label) for r in c.regions.values()]),
        measures=measures,
    )


def _place(report: Report) -> tuple[Any, ...]:
    duty = report.assignment
    return (duty.organisation.order, duty.organisation.code, duty.measure_key, duty.subtask_id or 0)


def _once(choices: dict[int, Choices], same: Any, pairs: Any) -> dict[int, Choice]:
    """Return the list of each report; reports that choose from the same have one list between them."""
    made: dict[Any, Choice] = {}
    found = {}
    for pk, choice in choices.items():
        key = same(choice)
        if key not in made:
            made[key] = Choice.of(pairs(choice))
        found[pk] = made[key]
    return found


def _content(report: Report, claims: list[Claim]) -> Content:
    texts = (report.standing, report.happened, report.next_step)
    return Content(*texts, {str(row.pk): fields_of(row) for row in claims})


def _claims(reports: dict[int, Report]) -> tuple[dict[int, list[Claim]], dict[int, list[Claim]]]:
    """Return the claims of each report that can still be written, and those that are decided or taken back."""
    found: dict[int, list[Claim]] = {pk: [] for pk in reports}
    decided: dict[int, list[Claim]] = {pk: [] for pk in reports}
    for row in Claim.objects.for_system(_WHY).filter(report__in=list(reports)).order_by("report", "number"):
        (found if row.state in EDITABLE else decided)[row.report_id].append(row)
    return found, decided


def _problems(reports: dict[int, Report]) -> list[Problem]:
    duties = {row.assignment_id for row in reports.values()}
    rows = Problem.objects.for_system(_WHY).filter(assignment__in=duties)
    return list(rows.select_related("asked_of").order_by("raised_at", "pk"))


def _measures(reports: dict[int, Report]) -> dict[int, str]:
    names = measure_names()
    found = {}
    for pk, row in reports.items():
        duty = row.assignment
        name = names.get((duty.plan_id, duty.measure_key), duty.measure_key)
        found[pk] = f"{name} · {duty.subtask.label}" if duty.subtask else name
    return found


def _duty(report: Report, measure: str, scope: Scope) -> str:
    """Return a duty as the list shows it: with its body where the file holds those of several."""
    if scope.city is None:
        return measure
    return _("%(measure)s（%(body)s）") % {"measure": measure, "body": report.assignment.organisation.label}


def _bodies() -> Iterable[Organisation]:
    """Return the organisations a problem may ask: those with a duty in a plan."""
    rows = Organisation.objects.filter(assignments__ended_at=None, assignments__isnull=False)
    return rows.distinct().order_by("order", "code")
