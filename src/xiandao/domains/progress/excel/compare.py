"""What a file would change: each report as it stands beside what the file says, and why some must not be changed."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.progress.actions.reports.content import TEXT_FIELDS, Content, Fields
from xiandao.domains.progress.actions.reports.transitions import TRANSITIONS, Step
from xiandao.domains.progress.excel.check_claims import ClaimIn, ClaimsIn
from xiandao.domains.progress.excel.check_reports import ReportIn
from xiandao.domains.progress.excel.faults import Fault
from xiandao.domains.progress.excel.frame import Frame
from xiandao.domains.progress.excel.reading import SheetIn
from xiandao.domains.progress.excel.template import writable
from xiandao.domains.progress.models import Report, ReportState


@dataclass(slots=True)
class Change:
    """A report that would change. `values` are those of all claims it keeps; nothing in them for unchanged ones."""

    report: Report
    before: Content
    after: Content
    values: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def texts(self) -> list[str]:
        """The fields of the report's words that change."""
        return [name for name in TEXT_FIELDS if getattr(self.before, name) != getattr(self.after, name)]

    @property
    def added(self) -> list[Fields]:
        """The claims that would be new."""
        return [fields for key, fields in self.after.claims.items() if key not in self.before.claims]

    @property
    def edited(self) -> list[Fields]:
        """The claims that would change, as they would be."""
        before = self.before.claims
        return [fields for key, fields in self.after.claims.items() if key in before and before[key] != fields]

    @property
    def removed(self) -> list[Fields]:
        """The claims that would be taken back."""
        return [fields for key, fields in self.before.claims.items() if key not in self.after.claims]


def compare(
    actor: Viewer, frame: Frame, sheet: SheetIn, reports: dict[int, ReportIn], claims: ClaimsIn
) -> tuple[list[Change], list[Fault]]:
    """Return what would change, and a fault for each report that would but must not."""
    changes: list[Change] = []
    faults: list[Fault] = []
    for pk, said in reports.items():
        change = _change(frame, pk, said, claims.get(pk, []))
        if change is None:
            continue
        fault = _refused(actor, frame, sheet, said, change)
        if fault is None:
            changes.append(change)
        else:
            faults.append(fault)
    return changes, faults


def _change(frame: Frame, pk: int, said: ReportIn, rows: list[ClaimIn]) -> Change | None:
    """Return how a report would change, None where it says the same already."""
    report, before = frame.reports[pk], frame.content[pk]
    if not rows and not writable(report):
        after_claims = dict(before.claims)  # the template leaves the claims of such reports out
        values: dict[str, dict[str, Any]] = {key: {} for key in after_claims}
    else:
        after_claims, values = _claims(before, rows)
    after = Content(said.standing, said.happened, said.next_step, after_claims)
    return None if after == before else Change(report, before, after, values)


def _claims(before: Content, rows: list[ClaimIn]) -> tuple[dict[str, Fields], dict[str, dict[str, Any]]]:
    """Return the claims by key; a row without one that says what stands there already is that claim."""
    taken = {row.key for row in rows if row.key}
    free: dict[tuple[str, ...], list[str]] = {}
    for key, fields in before.claims.items():
        if key not in taken:
            free.setdefault(tuple(fields.values()), []).append(key)
    claims: dict[str, Fields] = {}
    values: dict[str, dict[str, Any]] = {}
    for row in rows:
        same = free.get(tuple(row.fields[name] for name in row.fields)) if not row.key else None
        key = row.key or (same.pop(0) if same else f"row{row.row}")
        claims[key] = row.fields
        values[key] = {} if same is not None and key in before.claims else row.values
    ordered = {key: claims[key] for key in before.claims if key in claims}
    return {**ordered, **claims}, values


def _refused(actor: Viewer, frame: Frame, sheet: SheetIn, said: ReportIn, change: Change) -> Fault | None:
    report = change.report

    def fault(found: str, expected: str, mend: str = "") -> Fault:
        return Fault(sheet.name, said.row, "", found, expected, mend)

    may = frame.scope.may_fill(actor, report)
    if not may:
        return fault(report.assignment.organisation.label, str(may.reason))
    if not writable(report):
        state = str(ReportState(report.state).label)
        return fault(state, str(TRANSITIONS[Step.SAVE].otherwise), _("或删去这一行和它的成果。"))
    if said.revision != report.revision:
        when = timezone.localtime(report.saved_at).strftime("%Y-%m-%d %H:%M") if report.saved_at else ""
        return fault(
            "",
            _("导出之后，%(who)s于 %(when)s 在平台上改过这项任务，不能覆盖。") % {"who": report.saved_by, "when": when},
            _("请重新导出模板，把您的改动抄过去。"),
        )
    return None


def totals(changes: list[Change]) -> Counter[str]:
    """Return how many reports and claims would change, and how."""
    found: Counter[str] = Counter(reports=len(changes))
    for change in changes:
        found["texts"] += bool(change.texts)
        found["added"] += len(change.added)
        found["edited"] += len(change.edited)
        found["removed"] += len(change.removed)
    return found
