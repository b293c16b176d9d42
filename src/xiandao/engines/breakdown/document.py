"""Takes what a breakdown needs from a compiled document."""

from xiandao.engines.breakdown.model import PlanSource, Promise, Section, Task
from xiandao.engines.policytext.model import Measure, PlanDocument, Target


def from_document(document: PlanDocument) -> PlanSource:
    """Return the plan of a compiled document; nothing in it has been reviewed by a person yet."""
    head = document.head
    return PlanSource(
        title=head.title,
        number=head.number,
        issuers=tuple(body.name for body in head.issuers),
        issued_on=head.issued_on,
        period=head.period,
        sections=tuple(
            Section(action.no, action.title, tuple(map(_task, action.measures)), implied=action.implied)
            for action in document.actions
        ),
        headline=tuple(map(_promise, document.headline_targets)),
    )


def _task(measure: Measure) -> Task:
    duty = measure.duty
    return Task(
        no=measure.no,
        title=measure.title,
        lead=tuple(body.name for body in duty.lead),
        helping=tuple(body.name for body in duty.with_),
        cities=duty.cities,
        promises=tuple(map(_promise, measure.targets)),
        commitments=tuple(c.quote.text for c in measure.commitments if c.strength == "firm"),
        deadline=measure.deadline,
        sureness=min(measure.confidence.value, duty.confidence.value),
        doubts=(*measure.confidence.reasons, *duty.confidence.reasons),
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
        quote=target.quote.text,
        sureness=target.confidence.value,
        doubts=target.confidence.reasons,
    )
