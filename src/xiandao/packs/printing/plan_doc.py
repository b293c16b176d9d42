"""Takes what a breakdown needs from a plan of a pack."""

from xiandao.engines.breakdown import PlanSource, Promise, Section, Task
from xiandao.packs.schema.plan import Measure, PlanDoc, Target


def from_plan_doc(plan: PlanDoc) -> PlanSource:
    """Return the plan of a pack or of the import editor, with what a person has reviewed."""
    return PlanSource(
        title=plan.title,
        number=plan.number,
        issuers=plan.issuers,
        issued_on=plan.issued_on.isoformat() if plan.issued_on else None,
        period=plan.period,
        sections=tuple(
            Section(action.no, action.title, tuple(map(_task, action.measures)), implied=action.implied)
            for action in plan.actions
        ),
        headline=tuple(map(_promise, plan.headline_targets)),
    )


def _task(measure: Measure) -> Task:
    return Task(
        no=measure.no,
        title=measure.title,
        lead=measure.duty.lead,
        helping=measure.duty.helping,
        cities=measure.duty.cities,
        promises=tuple(map(_promise, measure.targets)),
        commitments=tuple(c.quote for c in measure.commitments if c.strength == "firm"),
        deadline=measure.deadline or "",
        sureness=measure.confidence,
        doubts=measure.doubts,
        reviewed=measure.reviewed,
    )


def _promise(target: Target) -> Promise:
    return Promise(
        value=target.value,
        low=target.low,
        high=target.high,
        unit=target.unit,
        comparator=target.comparator,
        year=target.year,
        object=target.object,
        kind=target.kind,
        quote=target.quote or "",
        sureness=target.confidence,
        doubts=target.doubts,
        reviewed=target.reviewed,
    )
