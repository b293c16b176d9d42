"""How far measures have come, drawn together by action, department, city and industry, as of any moment.

The rule (平台默认, docs/decisions/0015):
1. A target's score is what was counted (with its measured baseline) as a share of the target, at most 1; 1 if met.
   A city's score on a target is what was counted there as a share of its confirmed share, at most 1.
2. A measure's score is the mean of the known scores of its targets; an action, department, industry or city takes the
   mean of the known scores of its measures. All weights are equal and normalised over what is known: an unknown neither
   raises nor lowers a score, it shows in the known share.
3. How work stands in words (按期推进, 有风险, 受阻, 已完成) never becomes a number. It is shown as a distribution: each
   measure is one whole, shared out over its lead duties, or over its sub-tasks by their weights where it is split. So
   splitting a measure changes no score, and no distribution unless its parts stand differently.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np
from django.db.models import OuterRef, Q, Subquery

from xiandao.domains.industries.queries import industries, words_of
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.plans.models import DutyRole, Measure, PlanVersion
from xiandao.domains.plans.queries import measures_of
from xiandao.domains.progress.figures.cities import counted_by_city, looked_by_city, share_sets_at
from xiandao.domains.progress.figures.status import Status, statuses
from xiandao.domains.progress.figures.sums import exact
from xiandao.domains.progress.models import (
    Assignment,
    AssignmentRole,
    ReportEvent,
    ReportVersion,
    ShareState,
    Standing,
    SubTask,
)
from xiandao.domains.progress.queries.targets import cities_of
from xiandao.engines.attainment import roll_up_tree

UNREPORTED = Standing.UNKNOWN.value
ORDER = (Standing.DONE, Standing.ON_TRACK, Standing.AT_RISK, Standing.BLOCKED, Standing.UNKNOWN)
_SPOKEN = (ReportEvent.SUBMITTED, ReportEvent.VERIFIED)


@dataclass(frozen=True, slots=True)
class Line:
    """One action, department, city or industry.

    `score` within [0, 1], None if nothing is known; `known_share` of the measures that have numbers; `distribution`:
    how many measures stand how (shares of measures add up), by the codes of `Standing`, "" where nobody reported.
    """

    code: str
    name: str
    score: float | None
    known_share: float
    measures: int
    with_numbers: int
    distribution: Mapping[str, float] = field(default_factory=dict)

    @property
    def bars(self) -> list[tuple[str, str, float, float, float]]:
        """The distribution for showing: code, words, number of measures, where it starts and how long it is in one."""
        whole = sum(self.distribution.values()) or 1.0
        made, start = [], 0.0
        for code in ORDER:
            number = self.distribution.get(code.value, 0.0)
            if number:
                made.append((code.value or "unknown", str(code.label), number, start, number / whole))
                start += number / whole
        return made


@dataclass(frozen=True, slots=True)
class RollUpTable:
    """Everything rolled up of one plan at one moment."""

    as_of: dt.datetime
    whole: Line
    actions: list[Line]
    departments: list[Line]
    cities: list[Line]
    industries: list[Line]


def roll_up_plan(viewer: Viewer, version: PlanVersion, *, as_of: dt.datetime) -> RollUpTable:
    """Return the scores and distributions of a plan as of a moment, by the rule above, in a fixed number of queries.

    Scores are of public numbers; distributions are of the duties the viewer sees.
    """
    measures = list(measures_of(viewer, version))
    found = statuses([t for m in measures for t in m.targets.all()], as_of=as_of)
    scores = {m.key: [found[t.pk].score for t in m.targets.all()] for m in measures}
    standings = measure_standings(viewer, version.plan_id, as_of=as_of)
    everything = [m.key for m in measures]
    actions: dict[str, list[str]] = defaultdict(list)
    departments: dict[str, list[str]] = defaultdict(list)
    names: dict[str, str] = {}
    for measure in measures:
        actions[measure.action.key].append(measure.key)
        names[measure.action.key] = measure.action.label
        for duty in measure.duties.all():
            if duty.role == DutyRole.LEAD and duty.organisation is not None:
                departments[duty.organisation.code].append(measure.key)
                names[duty.organisation.code] = duty.organisation.label

    def lines(groups: Mapping[str, list[str]]) -> list[Line]:
        return [line(code, names[code], keys, scores, standings) for code, keys in groups.items()]

    return RollUpTable(
        as_of,
        line(version.plan.code, version.plan.label, everything, scores, standings),
        lines(actions),
        lines(departments),
        _cities(viewer, version, measures, found, as_of),
        _industries(measures, scores, standings),
    )


def line(
    code: str,
    name: str,
    measures: Sequence[str],
    scores: Mapping[str, Sequence[float | None]],
    standings: Mapping[str, Mapping[str, float]],
) -> Line:
    """Return the line of some measures: `scores` of each measure's targets, `standings` of each measure by its key."""
    score, known = measure_mean([scores.get(key, ()) for key in measures])
    distribution: dict[str, float] = defaultdict(float)
    for key in measures:
        for standing, part in standings.get(key, {UNREPORTED: 1.0}).items():
            distribution[standing] += part
    with_numbers = sum(1 for key in measures if scores.get(key))
    return Line(code, name, score, known, len(measures), with_numbers, dict(distribution))


def measure_mean(scores: Sequence[Sequence[float | None]]) -> tuple[float | None, float]:
    """Return the mean over measures of the means over their targets' known scores, and the share that is known.

    `scores`: for each measure those of its targets; a measure without any counts for nothing.
    """
    parents, values, weights = [-1], [np.nan], [1.0]
    for targets in scores:
        if not targets:
            continue
        node = len(parents)
        parents.append(0)
        values.append(np.nan)
        weights.append(1.0)
        for score in targets:
            parents.append(node)
            values.append(np.nan if score is None else score)
            weights.append(1.0)
    root = roll_up_tree(parents, values, weights).at(0)
    return root.score, root.known_share


def measure_standings(viewer: Viewer, plan_id: int, *, as_of: dt.datetime) -> dict[str, dict[str, float]]:
    """Return how each measure stands in words, as shares of one whole, over its provincial lead duties or its parts."""
    said = standings_of(
        Assignment.objects.visible_to(viewer).filter(_not_ended(as_of), plan=plan_id, role=AssignmentRole.LEAD), as_of
    )
    plan_region = {row["region"] for row in said if row["plan__region"] == row["region"]}
    parts = _weights(viewer, plan_id, as_of)
    found: dict[str, dict[str, float]] = {}
    whole: dict[str, list[str]] = defaultdict(list)
    split: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in said:
        if row["subtask"] is not None:
            split[row["measure_key"]][row["subtask"]].append(row["standing"])
        elif row["region"] in plan_region:
            whole[row["measure_key"]].append(row["standing"])
    for measure in whole.keys() | parts.keys():
        shares = parts.get(measure) or {0: 1.0}
        told = split[measure] if measure in parts else {0: whole[measure]}
        found[measure] = _shared_out(shares, told)
    return found


def standings_of(duties: Any, as_of: dt.datetime) -> list[dict[str, Any]]:
    """Return for each duty (a queryset) what its newest report said by a moment; "" if nothing, or it was sent back."""
    newest = (
        ReportVersion.objects.filter(report__assignment=OuterRef("pk"), at__lte=as_of)
        .order_by("-report__round__period_end", "-number")
        .values("pk")[:1]
    )
    fields = ("pk", "measure_key", "subtask", "region", "plan__region", "organisation")
    # A duty entered late that reports on an earlier time is there from its first word.
    there = Q(started_at__lte=as_of) | Q(newest__isnull=False)
    rows = list(duties.annotate(newest=Subquery(newest)).filter(there).order_by().values(*fields, "newest"))
    said = {
        pk: standing if event in _SPOKEN else UNREPORTED
        for pk, event, standing in ReportVersion.objects.filter(
            pk__in=[row["newest"] for row in rows if row["newest"]]
        ).values_list("pk", "event", "standing")
    }
    return [{**row, "standing": said.get(row["newest"], UNREPORTED)} for row in rows]


def _shared_out(shares: Mapping[int, float], told: Mapping[int, list[str]]) -> dict[str, float]:
    """Return one whole shared out over parts by weight, and within a part over its duties."""
    found: dict[str, float] = defaultdict(float)
    for part, weight in shares.items():
        standings = told.get(part) or [UNREPORTED]
        for standing in standings:
            found[standing] += weight / len(standings)
    return dict(found)


def _not_ended(as_of: dt.datetime) -> Q:
    return Q(ended_at=None) | Q(ended_at__gt=as_of)


def _weights(viewer: Viewer, plan_id: int, as_of: dt.datetime) -> dict[str, dict[int, float]]:
    """Return the weight of each sub-task among its siblings, as a share of one, by measure."""
    rows = SubTask.objects.visible_to(viewer).filter(
        Q(ended_at=None) | Q(ended_at__gt=as_of), plan=plan_id, created_at__lte=as_of
    )
    weights: dict[str, dict[int, Decimal]] = defaultdict(dict)
    for row in rows:
        weights[row.measure_key][row.pk] = row.weight
    return {
        measure: {pk: float(weight / sum(parts.values())) for pk, weight in parts.items()}
        for measure, parts in weights.items()
    }


def _cities(
    viewer: Viewer, version: PlanVersion, measures: Sequence[Measure], found: Mapping[int, Status], as_of: dt.datetime
) -> list[Line]:
    """Return the line of each city: what was counted there against its confirmed shares, how its duties stand."""
    facts = [status.fact for status in found.values()]
    counted = counted_by_city(facts, as_of)
    shares = share_sets_at([fact.key for fact in facts], as_of, state=ShareState.CONFIRMED)
    looked = {
        (key, city) for key, city, event in looked_by_city([version.plan_id], as_of) if event == ReportEvent.VERIFIED
    }
    by_city: dict[str, dict[str, list[float | None]]] = defaultdict(lambda: defaultdict(list))
    for fact in facts:
        for share in shares[fact.key].shares.all() if fact.key in shares else ():
            if share.value <= 0:
                continue
            known = ((fact.key[0], fact.measure), share.region_id) in looked
            total = counted.get((fact.key, share.region_id), (Decimal(0) if known else None, 0))[0]
            score = None if total is None else min(float(total / (exact(share.value) or 1)), 1.0)
            by_city[share.region_id][fact.measure].append(score)
    told = _city_standings(viewer, version.plan_id, as_of)
    asked = [measure.key for measure in measures if measure.cities]
    return [
        line(city.code, city.label, asked, by_city.get(city.code, {}), told.get(city.code, {}))
        for city in cities_of(version)
    ]


def _city_standings(viewer: Viewer, plan_id: int, as_of: dt.datetime) -> dict[str, dict[str, dict[str, float]]]:
    duties = Assignment.objects.visible_to(viewer).filter(
        _not_ended(as_of), plan=plan_id, role=AssignmentRole.LEAD, subtask=None, parent=None
    )
    told: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in standings_of(duties, as_of):
        told[row["region"]][row["measure_key"]].append(row["standing"])
    return {
        region: {measure: _shared_out({0: 1.0}, {0: standings}) for measure, standings in rows.items()}
        for region, rows in told.items()
    }


def _industries(
    measures: Sequence[Measure],
    scores: Mapping[str, Sequence[float | None]],
    standings: Mapping[str, Mapping[str, float]],
) -> list[Line]:
    """Return the line of each industry: the measures whose words, or whose targets' words, name it."""
    texts = {
        measure.key: " ".join([measure.name, measure.text, *(f"{t.name} {t.quote}" for t in measure.targets.all())])
        for measure in measures
    }
    found = []
    for industry in industries():
        keys = _naming(texts, words_of(industry))
        found.append(line(industry.code, industry.label, keys, scores, standings))
    return found


def _naming(texts: Mapping[str, str], words: Iterable[str]) -> list[str]:
    return [key for key, text in texts.items() if any(word in text for word in words)]
