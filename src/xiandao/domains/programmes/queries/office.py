"""What the office reads: a call's applications with where they stand, an application beside its form."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet

from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.programmes import office
from xiandao.domains.programmes.forms import form_of
from xiandao.domains.programmes.forms.choices import Choices
from xiandao.domains.programmes.forms.definition import columns_of
from xiandao.domains.programmes.models import Application, ApplicationState, Call, CallState, DecisionList

S = ApplicationState
_YES_NO = {"yes": "是", "no": "否"}


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field of a form as filled in: text, or a table with its header; `asked`: what the check found wrong there."""

    key: str
    label: str
    text: str = ""
    header: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    files: bool = False
    asked: list[Any] = field(default_factory=list)


def own_calls(viewer: Viewer) -> QuerySet[Call]:
    """Return the calls a viewer runs (or reads all of), with how many applications they have and what waits."""
    rows = Call.objects.visible_to(viewer).exclude(state=CallState.DRAFT)
    if not viewer.can(Can.READ_APPLICATIONS):
        rows = rows.filter(organiser=viewer.organisation_id)
    handed_in = ~Q(applications__state=S.DRAFT)
    return rows.select_related("version__programme", "organiser").annotate(
        total=Count("applications", filter=handed_in),
        to_check=Count("applications", filter=Q(applications__state=S.SUBMITTED)),
    )


def call_for(viewer: Viewer, code: str) -> Call:
    """Return a call for its office. Raises Call.DoesNotExist for who neither runs it nor reads all applications."""
    rows = Call.objects.visible_to(viewer).select_related("version__programme", "organiser")
    call: Call = rows.get(code=code)
    if not office.may_run(viewer, call) and not viewer.can(Can.READ_APPLICATIONS):
        raise Call.DoesNotExist
    return call


def applications(viewer: Viewer, call: Call) -> QuerySet[Application]:
    """Return what was handed in to a call, with all its list shows."""
    rows = Application.objects.visible_to(viewer).filter(call=call).exclude(state=S.DRAFT)
    return rows.select_related("applicant", "region", "recommender", "recommendation", "review", "decision")


def counts(viewer: Viewer, call: Call) -> list[tuple[str, str, int]]:
    """Return how many applications of a call are in each state: code, name, number; states without any left out."""
    rows = Application.objects.visible_to(viewer).filter(call=call).exclude(state=S.DRAFT).order_by()
    found = dict(rows.values_list("state").annotate(n=Count("pk")))
    return [(state.value, str(state.label), found[state.value]) for state in S if found.get(state.value)]


def application_for(viewer: Viewer, code: str) -> Application:
    """Return an application for its office. Raises Application.DoesNotExist for anybody else."""
    rows = Application.objects.visible_to(viewer).exclude(state=S.DRAFT)
    found: Application = rows.select_related(
        "call__version__programme", "call__organiser", "applicant", "region", "recommender", "review", "decision"
    ).get(code=code)
    if not office.may_run(viewer, found.call) and not viewer.can(Can.READ_APPLICATIONS):
        raise Application.DoesNotExist
    return found


def next_waiting(viewer: Viewer, application: Application) -> Application | None:
    """Return the next application of the call that waits for the check, from the beginning again after the last."""
    rows = Application.objects.visible_to(viewer).filter(call=application.call_id, state=S.SUBMITTED)
    rows = rows.exclude(pk=application.pk).order_by("code")
    after: Application | None = rows.filter(code__gt=application.code).first()
    return after or rows.first()


def form_rows(application: Application) -> list[tuple[str, list[FieldRow]]]:
    """Return the form as filled in, section by section, with the findings at their fields."""
    choices, asked = Choices.load(), {}
    for finding in application.findings.all():
        asked.setdefault(finding.field, []).append(finding)
    out = []
    for section in form_of(application.call.version).sections:
        rows = [_row(item, application.data.get(item.key), choices, asked.get(item.key, [])) for item in section.fields]
        out.append((section.title, rows))
    return out


def _row(item: Any, value: Any, choices: Choices, asked: list[Any]) -> FieldRow:
    label = f"{item.label}（{item.unit}）" if item.unit else item.label
    columns = columns_of(item)
    if columns:
        lines = [[_text(column.type, line.get(column.key, ""), choices) for column in columns] for line in value or []]
        return FieldRow(item.key, label, header=[column.label for column in columns], rows=lines, asked=asked)
    if item.type == "files":
        return FieldRow(item.key, label, files=True, asked=asked)
    return FieldRow(item.key, label, text=_text(item.type, value, choices), asked=asked)


def _text(kind: str, value: Any, choices: Choices) -> str:
    if value in (None, "", []):
        return ""
    if kind == "yes_no":
        return _YES_NO.get(str(value), str(value))
    names = {"region": choices.regions, "industries": choices.industries}.get(kind, {})
    if isinstance(value, list):
        return "、".join(names.get(str(each), str(each)) for each in value)
    return names.get(str(value), str(value))


def decisions(viewer: Viewer, call: Call) -> QuerySet[DecisionList]:
    """Return the decisions of a call a viewer may see."""
    return DecisionList.objects.visible_to(viewer).filter(call=call)
