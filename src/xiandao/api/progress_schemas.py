"""Shapes of the answers about progress, and of what may be sent."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ninja import Field, Schema

from xiandao.api.schemas import Page


class DutyOut(Schema):
    id: int
    plan: str
    measure: str
    subtask: str
    organisation: str
    region: str
    role: str = Field(description="lead, with")
    origin: str = Field(description="plan, counterpart, split, handed_down")
    serves: list[str] = Field(description="对口省级部门的机构代码")
    parent: int | None = Field(description="上级责任项")
    ended_at: datetime | None


class DutyPage(Page):
    items: list[DutyOut]


class RoundOut(Schema):
    id: int
    plan: str
    period: str = Field(description="如 2026Q3")
    period_end: date
    scope: str = Field(description="leads, all")
    due_on: date
    note: str
    state: str = Field(description="open, closed")
    opened_at: datetime
    closed_at: datetime | None
    times_reopened: int


class ReportOut(Schema):
    id: int
    round: int
    period: str
    duty: DutyOut
    state: str = Field(description="empty, draft, submitted, returned, verified")
    revision: int
    standing: str = Field(description="空为未填；on_track, at_risk, blocked, done")
    submitted_at: datetime | None
    decided_at: datetime | None


class ReportPage(Page):
    items: list[ReportOut]


class ClaimOut(Schema):
    id: int
    report: int
    target: str = Field(description="空为不计入目标")
    item: str
    name: str
    identifier_kind: str
    identifier: str
    holder: str
    holder_code: str
    region: str | None
    industry: str | None
    happened_on: date | None
    quantity: Decimal
    unit: str
    note: str
    state: str = Field(description="draft, claimed, verified, rejected, withdrawn")
    claimed_at: datetime | None
    decided_at: datetime | None
    decision_note: str
    result: str | None = Field(description="成果编号；未认定时为 null")


class ClaimPage(Page):
    items: list[ClaimOut]


class VersionOut(Schema):
    event: str
    at: datetime
    by: str
    reason: str
    standing: str
    happened: str
    next_step: str


class ReportDetail(ReportOut):
    happened: str
    next_step: str
    return_reason: str
    claims: list[ClaimOut]
    versions: list[VersionOut]


class ClaimIn(Schema):
    """A claim as it is to stand. `id` is null for a new one. Text that cannot be read is refused with its field."""

    id: int | None = Field(None, ge=1)
    target: str = ""
    item: str = ""
    name: str = ""
    identifier_kind: str = ""
    identifier: str = ""
    holder: str = ""
    holder_code: str = ""
    region: str = ""
    industry: str = ""
    happened_on: str = Field("", description="如 2026-03-31")
    quantity: str = "1"
    unit: str = ""
    note: str = ""


class DraftIn(Schema):
    revision: int = Field(ge=0, le=1_000_000, description="最近一次读到的 revision")
    standing: str = ""
    happened: str = Field("", max_length=10_000)
    next_step: str = Field("", max_length=10_000)
    claims: list[ClaimIn] = Field([], max_length=200)


class ReportSaved(Schema):
    id: int
    state: str
    revision: int
    claims: list[int | None] = Field(description="各项成果的编号，依所传次序")


class Problem(Schema):
    """Why something was not done; `clashes` where somebody else was faster."""

    detail: str
    clashes: list[dict[str, Any]] = []


class Faults(Schema):
    """Which fields are missing or wrong, and what was expected."""

    detail: list[dict[str, Any]]


class ResultOut(Schema):
    code: str
    item: str
    name: str
    identifier_kind: str
    identifier: str
    holder: str
    region: str | None
    industry: str | None
    happened_on: date | None
    quantity: Decimal
    unit: str
    counted_at: datetime
    void_at: datetime | None


class ResultPage(Page):
    items: list[ResultOut]


class CountOut(Schema):
    plan: str
    target: str
    counted_at: datetime
    void_at: datetime | None


class ResultDetail(ResultOut):
    claims: list[int]
    hidden_claims: int = Field(description="不在查看范围内的申报次数")
    counts: list[CountOut]
    void_reason: str
