"""What was in force at a moment: the version of the plan, rounds with their deadlines, cities, the papers before."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from xiandao.domains.orgs.models import Organisation, Region
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.plans.models import Plan, PlanVersion
from xiandao.domains.progress.models import MeetingPack, PastDeadline, Round
from xiandao.domains.progress.queries.targets import cities_of

_WHY = "papers of the whole province; who may read them has been checked"


@dataclass(frozen=True, slots=True)
class RoundAt:
    """A round as it stood at a moment: its deadline then, and whether that had passed."""

    pk: int
    period: str
    label: str
    due_on: dt.date
    late: bool


@dataclass(frozen=True, slots=True)
class Moment:
    """A plan at a moment. `round` is the one of the newest period opened by then; `since`: see `papers_before`."""

    plan: Plan
    version: PlanVersion
    as_of: dt.datetime
    since: dt.datetime | None
    rounds: tuple[RoundAt, ...]
    cities: tuple[Region, ...]
    coordinator: Organisation | None
    before_plan: bool

    @property
    def round(self) -> RoundAt | None:
        return self.rounds[0] if self.rounds else None

    @property
    def day(self) -> dt.date:
        return timezone.localdate(self.as_of)

    @property
    def late_rounds(self) -> tuple[RoundAt, ...]:
        return tuple(row for row in self.rounds if row.late)


def moment_of(plan: Plan, as_of: dt.datetime, *, since: dt.datetime | None = None) -> Moment:
    """Return a plan at a moment, in six queries. `since` is looked up unless it is given.

    Where the plan was taken into the product after that moment, its first version stands in, and `before_plan` says so.
    Raises Refused where the plan has no version.
    """
    local = timezone.localtime(as_of)
    versions = list(
        PlanVersion.objects.for_system(_WHY)
        .filter(plan=plan)
        .select_related("plan")
        .defer("source_text")
        .order_by("number")
    )
    if not versions:
        raise Refused(_("该方案还没有发布的版本，无法编制会议材料。"))
    known = [version for version in versions if version.published_at <= local]
    version = known[-1] if known else versions[0]
    found = papers_before(plan, local)
    return Moment(
        plan=plan,
        version=version,
        as_of=local,
        since=since or (timezone.localtime(found.as_of) if found else None),
        rounds=rounds_at(plan, local),
        cities=tuple(cities_of(version)),
        coordinator=Organisation.objects.filter(is_coordinator=True).first(),
        before_plan=not known,
    )


def papers_before(plan: Plan, as_of: dt.datetime) -> MeetingPack | None:
    """Return the newest papers on an earlier moment that had been made by `as_of`: what "last time" means then."""
    rows: QuerySet[MeetingPack] = MeetingPack.objects.for_system(_WHY)
    return (
        rows.filter(plan=plan, as_of__lt=as_of, made_at__lte=as_of).order_by("-as_of", "-pk").defer("content").first()
    )


def rounds_at(plan: Plan, as_of: dt.datetime) -> tuple[RoundAt, ...]:
    """Return the rounds opened by a moment with the deadlines they had then, newest period first; two queries."""
    rows = list(Round.objects.for_system(_WHY).filter(plan=plan, opened_at__lte=as_of).order_by("-period_end"))
    # Several moves of one round: the first after the moment overwrites the later ones.
    moved = PastDeadline.objects.filter(round__plan=plan, until__gt=as_of).order_by("-until", "-pk")
    past = dict(moved.values_list("round", "due_on"))
    day = timezone.localdate(as_of)
    found = []
    for row in rows:
        due_on = past.get(row.pk, row.due_on)
        found.append(RoundAt(row.pk, row.period, row.label, due_on, due_on < day))
    return tuple(found)
