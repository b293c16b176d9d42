"""The rows papers are made of, as they stood at a moment: duties, reports, problems, letters, claims, results.

What a number counts and what the list behind it shows come from the same functions here.
"""

import datetime as dt
from typing import Any, TypeAlias

from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.progress.figures.cities import city_of
from xiandao.domains.progress.figures.rows import claims, counts
from xiandao.domains.progress.meeting.moment import Moment
from xiandao.domains.progress.models import (
    Assignment,
    Letter,
    LetterEvent,
    LetterState,
    Problem,
    ProblemEvent,
    ProblemEventKind,
    ProblemState,
    Report,
    ReportEvent,
    ReportState,
    ReportVersion,
    ResultCount,
)

Rows: TypeAlias = QuerySet[Any]
"""Rows with what was told of them beside their own fields."""
SPOKEN = (ReportState.SUBMITTED.value, ReportState.VERIFIED.value)
OPEN = (ProblemState.RAISED, ProblemState.ASSIGNED, ProblemState.ANSWERED)
LETTER_OPEN = (LetterState.ISSUED, LetterState.RECEIVED, LetterState.REPLIED)
UNWRITTEN = "unwritten"
"""A report nobody had submitted, or whose writer had taken it back: empty and draft cannot be told apart afterwards."""
_QUIET = (ProblemEventKind.REMARK, ProblemEventKind.ESCALATED)


def in_force(as_of: dt.datetime, prefix: str = "") -> Q:
    """Return the condition of a duty that had begun and not ended."""
    ended = Q(**{f"{prefix}ended_at": None}) | Q(**{f"{prefix}ended_at__gt": as_of})
    return Q(**{f"{prefix}started_at__lte": as_of}) & ended


def _text(values: QuerySet[Any]) -> Coalesce:
    """Return the first of some texts, empty where there is none."""
    return Coalesce(Subquery(values[:1]), Value(""), output_field=TextField())


def duties(viewer: Viewer, at: Moment) -> Rows:
    """Return the duties of the plan at the moment, with `city`: the code of the city they lie in, if any."""
    rows = Assignment.objects.visible_to(viewer).filter(in_force(at.as_of), plan=at.plan)
    return rows.annotate(city=city_of("region"))


def reports(viewer: Viewer, at: Moment) -> Rows:
    """Return the reports of the rounds opened by the moment with `state_at`, `standing_at`, `happened_at`, `city`.

    `state_at` is one of submitted, verified, returned, unwritten. A round opened again leaves a trace in each report
    that changes no state; only a verified report that was opened again is back with its writer.
    """
    all_ = ReportVersion.objects.filter(report=OuterRef("pk"), at__lte=at.as_of).order_by("-number")
    spoke = all_.exclude(event=ReportEvent.REOPENED)
    rows = (
        Report.objects.visible_to(viewer)
        .filter(round__in=[row.pk for row in at.rounds], assignment__started_at__lte=at.as_of)
        .annotate(spoke=Subquery(spoke.values("event")[:1]), newest=Subquery(all_.values("event")[:1]))
        .annotate(
            state_at=Case(
                When(spoke=ReportEvent.SUBMITTED, then=Value(ReportState.SUBMITTED.value)),
                When(spoke=ReportEvent.RETURNED, then=Value(ReportState.RETURNED.value)),
                When(spoke=ReportEvent.VERIFIED, newest=ReportEvent.REOPENED, then=Value(ReportState.RETURNED.value)),
                When(spoke=ReportEvent.VERIFIED, then=Value(ReportState.VERIFIED.value)),
                default=Value(UNWRITTEN),
                output_field=CharField(),
            ),
            said=_text(spoke.values("standing")),
            happened_at=_text(spoke.values("happened")),
        )
        .annotate(
            standing_at=Case(When(state_at__in=SPOKEN, then=F("said")), default=Value(""), output_field=TextField()),
            city=city_of("assignment__region"),
        )
    )
    ended = Q(assignment__ended_at__lte=at.as_of)
    return rows.exclude(ended & ~Q(state_at__in=SPOKEN))


def late(at: Moment) -> Q:
    """Return the condition of a report that was late: its round's deadline had passed and its writer still had it."""
    return Q(round__in=[row.pk for row in at.late_rounds]) & ~Q(state_at__in=SPOKEN)


def problems(viewer: Viewer, at: Moment) -> Rows:
    """Return the problems of the plan that were open, with whose turn it was and whom that kept waiting.

    `state_at`, `holder` and `waiting` (organisations), `since` (when the present step began), `escalated` (when), and
    `answer`, the latest.
    """
    events = ProblemEvent.objects.filter(problem=OuterRef("pk"), at__lte=at.as_of).order_by("-at", "-pk")
    given = events.filter(kind__in=(ProblemEventKind.ASSIGNED, ProblemEventKind.REASSIGNED))
    coordinator = at.coordinator.pk if at.coordinator else None
    whole = {"output_field": IntegerField(null=True)}
    rows = (
        Problem.objects.visible_to(viewer)
        .filter(assignment__plan=at.plan, raised_at__lte=at.as_of)
        .annotate(
            state_at=Subquery(events.values("state")[:1]),
            given=Subquery(given.values("to")[:1]),
            since=Subquery(events.exclude(kind__in=_QUIET).values("at")[:1]),
            escalated=Subquery(events.filter(kind=ProblemEventKind.ESCALATED).values("at")[:1]),
            answer=_text(events.filter(kind=ProblemEventKind.ANSWERED).values("text")),
            city=city_of("assignment__region"),
        )
        .filter(state_at__in=OPEN)
    )
    return rows.annotate(
        holder=Case(
            When(state_at=ProblemState.RAISED, then=Value(coordinator)),
            When(state_at=ProblemState.ASSIGNED, then=F("given")),
            default=F("raised_by"),
            **whole,
        ),
        waiting=Case(When(state_at=ProblemState.ANSWERED, then=F("given")), default=F("raised_by"), **whole),
    )


def letters(viewer: Viewer, at: Moment) -> Rows:
    """Return the letters issued and not closed, with `state_at`; those about other plans only are left out."""
    events = LetterEvent.objects.filter(letter=OuterRef("pk"), at__lte=at.as_of).order_by("-at", "-pk")
    report, problem = Letter.reports.through.objects, Letter.problems.through.objects
    mine = {"letter": OuterRef("pk")}
    about = Q(Exists(report.filter(**mine, report__round__plan=at.plan)))
    about |= Q(Exists(problem.filter(**mine, problem__assignment__plan=at.plan)))
    free = ~Q(Exists(report.filter(**mine))) & ~Q(Exists(problem.filter(**mine)))
    return (
        Letter.objects.visible_to(viewer)
        .filter(about | free, issued_at__lte=at.as_of)
        .annotate(state_at=Subquery(events.values("state")[:1]))
        .filter(state_at__in=LETTER_OPEN)
    )


def late_letter(at: Moment) -> Q:
    """Return the condition of a letter that was late: not received, or not replied to, by its day."""
    unsigned = Q(state_at=LetterState.ISSUED) & (Q(receive_by__lt=at.day) | Q(due_on__lt=at.day))
    return unsigned | Q(state_at=LetterState.RECEIVED, due_on__lt=at.day)


def claimed(viewer: Viewer, at: Moment) -> Rows:
    """Return the claims of the plan at the moment, with `city`: where the thing lies, else where it was reported."""
    here = Case(When(region=None, then=city_of("report__assignment__region")), default=city_of("region"))
    return claims(viewer, as_of=at.as_of).filter(report__assignment__plan=at.plan).annotate(city=here)


def counted(at: Moment) -> Rows:
    """Return what counted towards targets of the plan at the moment, with `city`."""
    return counts(as_of=at.as_of).filter(plan=at.plan).annotate(city=city_of("result__region"))


def newly_counted(at: Moment) -> Rows:
    """Return what has come to count since the papers before, and still counted at the moment."""
    rows = counted(at)
    return rows.filter(counted_at__gt=at.since) if at.since else rows


def newly_void(at: Moment) -> Rows:
    """Return what counted in the papers before and had been voided by the moment."""
    if at.since is None:
        return ResultCount.objects.none()
    rows = ResultCount.objects.filter(plan=at.plan, counted_at__lte=at.since)
    return rows.filter(void_at__gt=at.since, void_at__lte=at.as_of)
