"""What progress adds to the pages of plans: counted numbers and status words, and panels with the rest."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.db.models import Model, Q
from django.dispatch import receiver
from django.utils import timezone

from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import Organisation, Region
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.plans.figures import register_counter
from xiandao.domains.plans.models import Measure, PlanVersion, Target
from xiandao.domains.plans.panels import Panel
from xiandao.domains.plans.queries import targets_in_force
from xiandao.domains.plans.signals import collecting_panels
from xiandao.domains.progress.figures.cities import city_lines
from xiandao.domains.progress.figures.links import rows_url
from xiandao.domains.progress.figures.rows import Part
from xiandao.domains.progress.figures.status import Status, public_countings, statuses
from xiandao.domains.progress.figures.sums import exact, ground, tallies
from xiandao.domains.progress.models import Share, ShareState
from xiandao.domains.progress.queries.targets import cities_of, split_of
from xiandao.domains.shared.remember import remembered

READERS = (Can.REPORT, Can.VERIFY, Can.READ_PROGRESS)
register_counter(public_countings)


@receiver(collecting_panels, dispatch_uid="progress.panels")
def panels(page: str, viewer: Viewer, **things: Any) -> list[Panel]:
    """Return the panels of a page for those who report, verify or oversee; on a target the public gets one as well."""
    if not viewer.can(*READERS):
        return [Panel("progress/planning/_target_public.html")] if page == "target" else []
    make = _PAGES.get(page)
    if make is None:
        return []
    shown = tuple((name, thing.pk) for name, thing in sorted(things.items()) if isinstance(thing, Model))
    return remembered("progress.panels", page, viewer.scope, shown, make=lambda: make(viewer, **things))


def _target(viewer: Viewer, target: Target, version: PlanVersion, **_rest: Any) -> list[Panel]:
    now = timezone.now()
    base = ground([target], as_of=now)
    status = statuses([target], as_of=now, series=True, on=base)[target.pk]
    tally = tallies(viewer, [target], as_of=now, on=base)[target.pk]
    numbers = [(figure, rows_url(figure)) for figure in (tally.claimed, tally.verified, tally.counted)]
    lines = city_lines(viewer, target, list(cities_of(version)), as_of=now)
    context = {
        "target": target,
        "version": version,
        "status": status,
        "numbers": numbers,
        "sees_all": viewer.can(Can.READ_PROGRESS),
        "may_steer": viewer.can(Can.STEER),
        "chart": chart_of(status, timezone.localdate(now)),
        "lines": [
            (line, [rows_url(figure) for figure in (line.tally.claimed, line.tally.verified, line.tally.counted)])
            for line in lines
        ],
        "any_share": any(line.share is not None or line.proposed is not None for line in lines),
        "today": timezone.localdate(now),
    }
    return [Panel("progress/planning/_target_panel.html", context)]


def chart_of(status: Status, today: dt.date) -> dict[str, Any] | None:
    """Return what the chart and the table behind it show: path, numbers observed, projection; None without a goal."""
    goal, attainment = status.goal, status.attainment
    if goal is None or attainment is None:
        return None
    projection = attainment.projection
    return {
        "start": goal.start.isoformat(),
        "end": goal.end.isoformat(),
        "today": today.isoformat(),
        "aim": _float(goal.aim),
        "path": [[day.isoformat(), _float(value)] for day, value in goal.points],
        "seen": [[seen.on.isoformat(), _float(seen.value)] for seen in status.observations],
        "projection": None
        if projection is None
        else {
            "on": projection.on.isoformat(),
            "value": projection.value,
            "low": projection.interval80[0],
            "high": projection.interval80[1],
        },
    }


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _measure(viewer: Viewer, measure: Measure, version: PlanVersion, **_rest: Any) -> list[Panel]:
    split = split_of(viewer, plan_id=version.plan_id, measure_key=measure.key)
    context = {"measure": measure, "version": version, "split": split, "may_steer": viewer.can(Can.STEER)}
    return [Panel("progress/planning/_measure_panel.html", context)]


def _city(viewer: Viewer, city: Region, version: PlanVersion | None, **_rest: Any) -> list[Panel]:
    if version is None:
        return []
    now = timezone.now()
    targets = list(targets_in_force(viewer, version))
    found = tallies(viewer, targets, as_of=now, part=Part(region=city.code))
    shares = city_shares(version.plan_id, city.code, now)
    rows = [
        {
            "target": target,
            "share": shares.get(target.key),
            "numbers": [
                (figure, rows_url(figure))
                for figure in (found[target.pk].claimed, found[target.pk].verified, found[target.pk].counted)
            ],
        }
        for target in targets
    ]
    return [Panel("progress/planning/_city_panel.html", {"city": city, "version": version, "rows": rows})]


def city_shares(plan_id: int, city: str, as_of: dt.datetime) -> dict[str, Decimal]:
    """Return a city's confirmed share of each target of a plan at a moment, by the target's key."""
    rows = Share.objects.filter(
        Q(share_set__superseded_at=None) | Q(share_set__superseded_at__gt=as_of),
        region=city,
        share_set__plan=plan_id,
        share_set__state=ShareState.CONFIRMED,
        share_set__decided_at__lte=as_of,
    )
    return {key: exact(value) or Decimal(0) for key, value in rows.values_list("share_set__target_key", "value")}


def _organisation(viewer: Viewer, body: Organisation, **_rest: Any) -> list[Panel]:
    targets = list(
        targets_in_force(viewer).filter(measure__duties__organisation=body, measure__duties__role="lead").distinct()
    )
    if not targets:
        return []
    now = timezone.now()
    base = ground(targets, as_of=now)
    judged = statuses(targets, as_of=now, on=base)
    found = tallies(viewer, targets, as_of=now, on=base)
    rows = [
        {
            "target": target,
            "status": judged[target.pk],
            "numbers": [
                (figure, rows_url(figure))
                for figure in (found[target.pk].claimed, found[target.pk].verified, found[target.pk].counted)
            ],
        }
        for target in targets
    ]
    return [Panel("progress/planning/_body_panel.html", {"body": body, "rows": rows})]


_PAGES: dict[str, Callable[..., list[Panel]]] = {
    "target": _target,
    "measure": _measure,
    "city": _city,
    "organisation": _organisation,
}
