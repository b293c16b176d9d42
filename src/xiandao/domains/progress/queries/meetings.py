"""Reading meeting papers: the list, one, whether it can be made again, and the rows behind a number of it."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Min, QuerySet

from xiandao.domains.orgs.models import Organisation
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.progress.meeting import Comparison, MeetingContent, Moment, compare, content
from xiandao.domains.progress.meeting import rows as at_rows
from xiandao.domains.progress.models import MeetingPack, Result, ResultCount

Filters = Mapping[str, str]


def packs(viewer: Viewer) -> QuerySet[MeetingPack]:
    """Return the papers a viewer may read, newest moment first, without their heavy content."""
    return MeetingPack.objects.visible_to(viewer).select_related("plan").defer("content").order_by("-as_of", "-pk")


def pack_by_pk(viewer: Viewer, pk: int) -> MeetingPack:
    """Return one set of papers with its content. Raises MeetingPack.DoesNotExist."""
    return MeetingPack.objects.visible_to(viewer).select_related("plan").get(pk=pk)


def stored_content(pack: MeetingPack) -> MeetingContent:
    """Return what a set of papers says, as it was stored."""
    return MeetingContent.from_json(pack.content)


def reproduce(viewer: Viewer, pack: MeetingPack) -> Comparison:
    """Make papers again for the same moment and return whether they say the same, or what differs.

    Raises Refused for those who may not read papers.
    """
    stored = stored_content(pack)
    since = dt.datetime.fromisoformat(stored.since) if stored.since else None
    return compare(stored, content(viewer, pack.plan, pack.as_of, since=since))


def rows_behind(viewer: Viewer, at: Moment, kind: str, filters: Filters) -> QuerySet:
    """Return the rows a number of papers counts, of those the viewer sees. Raises KeyError for an unknown kind."""
    return _ROWS[kind](viewer, at, filters)


def _reports(viewer: Viewer, at: Moment, filters: Filters) -> QuerySet:
    rows = at_rows.reports(viewer, at)
    if filters.get("round"):
        rows = rows.filter(round__period=filters["round"])
    state = filters.get("state")
    if state == "late":
        rows = rows.filter(at_rows.late(at))
    elif state == "spoken":
        rows = rows.filter(state_at__in=at_rows.SPOKEN)
    elif state:
        rows = rows.filter(state_at=state)
    if filters.get("standing"):
        rows = rows.filter(standing_at=filters["standing"])
    rows = _of(rows, filters, "assignment__organisation__code")
    return rows.select_related("round", "assignment__organisation", "assignment__region").order_by(
        "-round__period_end", "assignment__measure_key", "assignment__region", "assignment__organisation__order", "pk"
    )


def _problems(viewer: Viewer, at: Moment, filters: Filters) -> QuerySet:
    rows = at_rows.problems(viewer, at)
    state = filters.get("state")
    if state == "escalated":
        rows = rows.filter(escalated__isnull=False)
    elif state:
        rows = rows.filter(state_at=state)
    for name, column in (("organisation", "holder"), ("waiting", "waiting")):
        if filters.get(name):
            rows = rows.filter(**{column: _body(filters[name])})
    if filters.get("region"):
        rows = rows.filter(city=filters["region"])
    return rows.select_related("raised_by", "assignment__region").order_by("raised_at", "code")


def _letters(viewer: Viewer, at: Moment, filters: Filters) -> QuerySet:
    rows = at_rows.letters(viewer, at)
    if filters.get("state") == "late":
        rows = rows.filter(at_rows.late_letter(at))
    return rows.select_related("to").order_by("issued_at", "number")


def _duties(viewer: Viewer, at: Moment, filters: Filters) -> QuerySet:
    rows = at_rows.duties(viewer, at)
    if filters.get("role"):
        rows = rows.filter(role=filters["role"])
    if filters.get("organisation"):
        rows = rows.filter(region=at.plan.region_id)
    rows = _of(rows, filters, "organisation__code")
    return rows.select_related("organisation", "region", "subtask").order_by(
        "measure_key", "region", "organisation__order", "pk"
    )


def _claims(viewer: Viewer, at: Moment, filters: Filters) -> QuerySet:
    rows = _of(at_rows.claimed(viewer, at), filters, "report__assignment__organisation__code")
    return rows.select_related("region", "report__round", "report__assignment__organisation").order_by(
        "-claimed_at", "-pk"
    )


def _results(viewer: Viewer, at: Moment, filters: Filters) -> QuerySet:
    """Return results that count towards any target of the plan, each once: by its first count."""
    counted = at_rows.counted(at)
    counted = counted.filter(city=filters["region"]) if filters.get("region") else counted
    once = counted.order_by().values("result").annotate(first=Min("pk")).values("first")
    return _seen(viewer, ResultCount.objects.filter(pk__in=once))


def _counts(viewer: Viewer, at: Moment, filters: Filters) -> QuerySet:
    """Return what has come to count (or no longer does) since `at.since`: once per result and target."""
    rows = at_rows.newly_void(at) if filters.get("state") == "void" else at_rows.newly_counted(at)
    return _seen(viewer, rows.filter(target_key=filters["target"]) if filters.get("target") else rows)


def _seen(viewer: Viewer, rows: QuerySet) -> QuerySet:
    rows = rows.filter(result__in=Result.objects.visible_to(viewer).values("pk"))
    return rows.select_related("result__region").order_by("target_key", "result__code")


def _of(rows: QuerySet, filters: Filters, organisation: str) -> QuerySet:
    """Leave the rows of one organisation and one city, by their codes."""
    if filters.get("organisation"):
        rows = rows.filter(**{organisation: filters["organisation"]})
    return rows.filter(city=filters["region"]) if filters.get("region") else rows


def _body(code: str) -> int | None:
    return Organisation.objects.filter(code=code).values_list("pk", flat=True).first()


_ROWS: dict[str, Callable[[Viewer, Moment, Filters], Any]] = {
    "reports": _reports,
    "problems": _problems,
    "letters": _letters,
    "duties": _duties,
    "claims": _claims,
    "results": _results,
    "counts": _counts,
}
KINDS = tuple(_ROWS)
