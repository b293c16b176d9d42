"""What a draw would look like before it is made: how many from each stratum, and how wide the intervals become."""

import math
from dataclasses import dataclass

from django.utils.translation import gettext as _

from xiandao.domains.enterprises.models import Decision
from xiandao.domains.labelling.actions.labels import current_run
from xiandao.domains.labelling.actions.samples import Asked, plan_of
from xiandao.domains.labelling.frame import OTHER, UNSEEN, Stratum, frame
from xiandao.domains.labelling.queries.samples import industry_names
from xiandao.domains.orgs.permission import Conflict
from xiandao.engines.estimation import Plan, clopper_pearson, expected_half_width, sample_size, wilson

_GOAL = 0.1


@dataclass(frozen=True, slots=True)
class Line:
    """One industry: of each decision (size, drawn), the expected number with its half-width, and of precision."""

    name: str
    cells: list[tuple[int, int]]
    expected: int
    half_width: int | None
    precision: float | None
    wanted: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be drawn, by industry; and of those without a term how many, and how many could stay unseen."""

    lines: list[Line]
    other: tuple[int, int]
    unseen: tuple[int, int]
    bound: int
    looked: int
    size: int
    seed: int


def preview(asked: Asked) -> Preview:
    """Return the preview of a draw from the run in force. Raises Conflict without one."""
    run = current_run()
    if run is None:
        raise Conflict(_("还没有现行的识别批次：先载入登记名录并完成识别，再抽取复核批次。"))
    found = frame(run, industries=asked.industries, region=asked.region)
    plan = plan_of(found, asked)
    names = industry_names()
    by_industry: dict[str, dict[str, Stratum]] = {}
    for code, stratum in found.strata.items():
        industry, colon, decision = code.partition(":")
        if colon:
            by_industry.setdefault(industry, {})[decision] = stratum
    unseen = len(found.unseen.keys)
    drawn = plan.drawn.get(UNSEEN, 0)
    other = found.strata.get(OTHER)
    return Preview(
        lines=[_line(names.get(code, code), each, plan) for code, each in by_industry.items()],
        other=(len(other.keys) if other else 0, plan.drawn.get(OTHER, 0)),
        unseen=(unseen, drawn),
        bound=round(clopper_pearson(0, drawn).high * unseen),
        looked=plan.looked,
        size=found.size,
        seed=asked.seed,
    )


def _line(name: str, strata: dict[str, Stratum], plan: Plan) -> Line:
    guesses = [each.guess for each in strata.values()]
    width = expected_half_width(guesses, plan)
    into = strata.get(Decision.IN)
    drawn = plan.drawn.get(into.code, 0) if into else 0
    interval = wilson(into.share, drawn, size=len(into.keys)) if into else None
    return Line(
        name=name,
        cells=[
            (len(strata[each].keys), plan.drawn.get(strata[each].code, 0)) if each in strata else (0, 0)
            for each in Decision.values
        ],
        expected=round(sum(each.size * each.share for each in guesses)),
        half_width=None if math.isinf(width) else round(width),
        precision=(interval.high - interval.low) / 2 if interval else None,
        wanted=sample_size(_GOAL, share=min(0.95, max(0.05, into.share)), size=len(into.keys)) if into else 0,
    )
