"""Numbers plans offer: what was promised, and what has been counted towards it."""

from decimal import Decimal

from django.utils import timezone

from xiandao.domains.plans.models import Target
from xiandao.kernel import Figure, FigureKind, RowsRef


def promised(target: Target) -> Figure:
    """Return the number the plan prints for a target: published, with the words it stands in.

    A range has no single value: the figure is then unknown and its wording carries the range.
    """
    return Figure(
        name=target.name,
        value=target.value,
        unit=target.unit,
        period=None,
        kind=FigureKind.PUBLISHED,
        as_of=target.version.issued_on or target.version.published_at.date(),
        rows=RowsRef(source="plans.target", filters={"plan": target.version.plan.code, "key": target.key}, count=1),
        wording=target.quote or None,
    )


def counted(target: Target) -> Figure:
    """Return how much of a target has been verified and counted.

    Nothing reports results yet, so the value is unknown — not zero: nobody has looked.
    """
    value: Decimal | None = None
    return Figure(
        name=target.name,
        value=value,
        unit=target.unit,
        period=None,
        kind=FigureKind.COUNTED,
        as_of=timezone.localdate(),
        rows=RowsRef(source="plans.result", filters={"plan": target.version.plan.code, "key": target.key}, count=None),
    )
