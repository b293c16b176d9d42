"""The sheet of claims: one row for each, known by its hidden key if it was there before."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

from django.utils.translation import gettext as _

from xiandao.domains.progress.actions.reports.content import CLAIM_FIELDS, Fields, fields_of
from xiandao.domains.progress.actions.reports.reading import Choices, lacking_in, read_claim
from xiandao.domains.progress.excel.cells import RowIn
from xiandao.domains.progress.excel.check_reports import ReportIn
from xiandao.domains.progress.excel.faults import Fault
from xiandao.domains.progress.excel.frame import Frame
from xiandao.domains.progress.excel.layout import CLAIMS
from xiandao.domains.progress.excel.reading import SheetIn
from xiandao.domains.progress.excel.template import as_cell
from xiandao.domains.progress.models import Claim, ClaimState
from xiandao.domains.shared.format import number as plain_number
from xiandao.engines.sameness import identifier_key

# What can only be judged once it is known which duty a row is for.
_BY_DUTY = frozenset({"target_key", "region", "unit"})
_TEXTS = ("item", "name", "holder", "unit", "note")


@dataclass(slots=True)
class ClaimIn:
    """One row: the claim it is ("" for a new one), its strings, and its values where it is new or changed."""

    row: int
    key: str
    fields: Fields
    values: dict[str, Any] = field(default_factory=dict)


ClaimsIn = dict[int, list[ClaimIn]]


def read_claims(
    frame: Frame, sheet: SheetIn, reports: dict[int, ReportIn], step: Callable[[], None], *, today: dt.date
) -> tuple[ClaimsIn, list[Fault]]:
    """Return the claims of each report by its id, and the faults. Rows of decided claims are left out."""
    reader = _Reader(frame, sheet, reports, today)
    for number, cells in sheet.data():
        step()
        if sheet.says_nothing(number, cells):
            continue  # a claim whose row was cleared is no longer claimed, as if the row were deleted
        reader.read(RowIn(sheet, CLAIMS, number, cells))
    return reader.found, reader.faults


class _Reader:
    """Reads row after row and remembers what came before, to tell copies."""

    def __init__(self, frame: Frame, sheet: SheetIn, reports: dict[int, ReportIn], today: dt.date) -> None:
        self.frame, self.sheet, self.reports, self.today = frame, sheet, reports, today
        self.duties = frame.report_of_duty
        self.now = {str(row.pk): row for rows in frame.claims.values() for row in rows}
        self.fields = {key: fields_of(row) for key, row in self.now.items()}
        self.decided = {str(row.pk): row for rows in frame.decided.values() for row in rows}
        self.found: ClaimsIn = {}
        self.faults: list[Fault] = []
        self.keys: set[str] = set()
        self.rows: dict[tuple[Any, ...], int] = {}
        self.numbers: dict[tuple[str, str, tuple[str, str]], int] = {}

    def read(self, row: RowIn) -> None:
        """Read one row."""
        pk = self._duty(row)
        claim = self._claim(row, pk)
        fields = self._strings(row, pk, claim.key)
        if claim.key and fields == self.fields[claim.key]:
            claim.fields = fields
        elif row.text(CLAIMS.code) in self.decided and not claim.key:
            self._decided(row, self.decided[row.text(CLAIMS.code)], fields)
            self.faults += row.faults
            return
        else:
            self._judge(row, pk, claim, fields)
        if pk:
            self._copies(row, pk, claim)
            self.found.setdefault(pk, []).append(claim)
        self.faults += row.faults

    def _duty(self, row: RowIn) -> int:
        pk = self.duties.get(row.text("duty"), 0)
        if not pk:
            row.fault("duty", _("应为“进展”表中的任务。"), _("请从列表中选择。"))
        elif pk not in self.reports:
            row.fault("duty", _("“进展”表中没有这项任务的行。"), _("请从模板恢复那一行，或删去这件成果。"))
        return pk if pk in self.reports else 0

    def _claim(self, row: RowIn, pk: int) -> ClaimIn:
        """Return the claim a row is. A copied row, or one moved to another duty, is a new claim."""
        key = row.text(CLAIMS.code)
        known = self.now.get(key)
        if known is None or known.report_id != pk or key in self.keys:
            return ClaimIn(row.number, "", {})
        self.keys.add(key)
        return ClaimIn(row.number, key, {})

    def _strings(self, row: RowIn, pk: int, key: str) -> Fields:
        """Return the cells as the strings of a form."""
        fields = dict.fromkeys(CLAIM_FIELDS, "")
        for name in _TEXTS:
            fields[name] = row.text(name)
        fields["identifier"], fields["holder_code"] = row.code("identifier"), row.code("holder_code")
        fields["identifier_kind"] = row.choice("identifier_kind", self.frame.kinds)
        fields["industry"] = row.choice("industry", self.frame.industries)
        fields["happened_on"] = row.day("happened_on")
        fields["quantity"] = row.text("quantity").replace(",", "").replace("，", "")
        if pk:
            fields["target_key"] = row.choice("target_key", self.frame.targets[pk])
            fields["region"] = row.choice("region", self.frame.regions[pk])
            target = self.frame.choices[pk].targets.get(fields["target_key"])
            if target is not None and not fields["unit"]:
                fields["unit"] = target.unit  # a target is counted in its own unit
        if key and fields["note"] == as_cell(self.fields[key]["note"]).strip():
            fields["note"] = self.fields[key]["note"]
        return fields

    def _judge(self, row: RowIn, pk: int, claim: ClaimIn, fields: Fields) -> None:
        """Judge a new or changed row by the rules of the form and of submission."""
        choices: Choices = self.frame.choices[pk or next(iter(self.frame.choices))]
        claim.values, faults = read_claim("row", fields, choices)
        if not faults:
            claim.fields = _canonical(fields, claim.values)
            if claim.key and claim.fields == self.fields[claim.key]:
                claim.values = {}
                return
        else:
            claim.fields = fields
        said = {fault.key for fault in row.faults}
        wrong = {path.rpartition(".")[2] for path, _sentence in faults}
        # What cannot be read was replaced by something readable, which is not for judging.
        faults += [
            (name, text) for name, text in lacking_in(_draft(claim.values), choices, self.today) if name not in wrong
        ]
        for path, sentence in faults:
            name = path.rpartition(".")[2]
            if name not in said and (pk or name not in _BY_DUTY):
                row.fault(name, sentence, _("请改正这一格。"))

    def _copies(self, row: RowIn, pk: int, claim: ClaimIn) -> None:
        """Find rows that say the same thing twice: word for word, or by number for one target."""
        same = (pk, *claim.fields.values())
        first = self.rows.setdefault(same, row.number)
        if first != row.number and not claim.key:
            row.fault(
                "", _("与第 %(row)d 行完全相同。") % {"row": first}, _("请只留一行。"), found=claim.fields["name"]
            )
            return
        kind, target = claim.fields["identifier_kind"], claim.fields["target_key"]
        number = identifier_key(claim.fields["identifier"])
        if not (kind and target and number):
            return
        first = self.numbers.setdefault((target, kind, number), row.number)
        if first != row.number and claim.values:
            row.fault(
                "identifier",
                _("与第 %(row)d 行的编号相同：同一成果只报一次。") % {"row": first},
                _("请改正编号，或只留一行。"),
            )

    def _decided(self, row: RowIn, claim: Claim, fields: Fields) -> None:
        """A claim decided since the export may stand in the file, but not be changed by it."""
        if claim.state == ClaimState.WITHDRAWN or fields == fields_of(claim):
            return
        label = ClaimState(claim.state).label
        row.fault(
            "",
            _("这件成果现在是“%(state)s”，不能再改。") % {"state": label},
            _("请恢复原文，或删去这一行。"),
            found=claim.name,
        )


def _draft(values: dict[str, Any]) -> Claim:
    """Return what has the values of a claim: making the model itself takes longer than all checks of a row."""
    return cast("Claim", SimpleNamespace(**values))


def _canonical(fields: Fields, values: dict[str, Any]) -> Fields:
    """Return the strings as a form would give them back after saving."""
    day = values["happened_on"]
    return {
        **fields,
        "identifier": values["identifier"],
        "holder_code": values["holder_code"],
        "happened_on": day.isoformat() if day else "",
        "quantity": plain_number(values["quantity"]).replace(",", ""),
    }
