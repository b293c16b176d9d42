"""Numbers plans offer: what was promised, and what a domain to the right has counted towards it."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from xiandao.domains.plans.models import Target
from xiandao.domains.shared.remember import remembered
from xiandao.kernel import Figure, FigureKind, RowsRef


@dataclass(frozen=True, slots=True)
class Counting:
    """What anybody may know of how far a target has come.

    `state` is a code (empty: nobody judges), `label` its words in the reader's language, `why` what must be said beside
    it. `share`: what was reached as a share of the target, not capped; None if unknown.
    """

    counted: Figure
    state: str = ""
    label: str = ""
    why: str = ""
    share: float | None = None


Counter = Callable[[Sequence[Target], dt.datetime], Mapping[int, Counting]]
_counters: list[Counter] = []


def register_counter(counter: Counter) -> None:
    """Register who counts results. It is given targets and a moment and answers by primary key, in bulk.

    Raises ValueError if there is one already: two counters would tell two numbers.
    """
    if _counters:
        raise ValueError("目标的计数只能由一处提供")
    _counters.append(counter)


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


def countings(targets: Sequence[Target], *, as_of: dt.datetime | None = None) -> dict[int, Counting]:
    """Return for each target, by primary key, what has been counted by a moment (now), with the same few queries
    however many targets there are.

    Where nobody counts, every value is unknown — not zero: nobody has looked.
    """

    def make() -> dict[int, Counting]:
        moment = as_of or timezone.now()
        found = _counters[0](targets, moment) if _counters else {}
        return {target.pk: found.get(target.pk) or Counting(_unknown(target, moment)) for target in targets}

    return remembered("plans.countings", tuple(target.pk for target in targets), as_of, make=make)


def counted(target: Target, *, as_of: dt.datetime | None = None) -> Figure:
    """Return how much of a target has been verified and counted by a moment (now); for many use `countings`."""
    return countings([target], as_of=as_of)[target.pk].counted


def _unknown(target: Target, moment: dt.datetime) -> Figure:
    return Figure(
        name=target.name,
        value=None,
        unit=target.unit,
        period=None,
        kind=FigureKind.COUNTED,
        as_of=timezone.localdate(moment),
    )
