"""Shapes of the answers. Field names follow the plan schema; every number carries its unit and its words."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ninja import Field, Schema


class Missing(Schema):
    """Not there, or not for the reader to see: the two look the same."""

    detail: str


class BadInput(Schema):
    """Which parameter was wrong and what was expected."""

    detail: list[dict[str, Any]]


class Page(Schema):
    """How much there is and which part this is."""

    count: int = Field(description="全部条数")
    limit: int
    offset: int


class FigureOut(Schema):
    """A number with its source; value null means nobody knows."""

    name: str
    value: Decimal | None
    unit: str
    kind: str = Field(description="counted, verified, self_reported, published, estimated")
    as_of: date
    rows: str = Field(description="明细的查询条件")


class DutyOut(Schema):
    printed: str
    role: str
    organisation: str | None = Field(description="机构代码；原文名称尚未对应到机构时为 null")


class TargetOut(Schema):
    key: str
    name: str
    name_en: str
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    unit: str
    comparator: str
    year: int | None
    deadline_year: int | None
    kind: str
    quote: str
    span: tuple[int, int] | None
    measure: str | None


class StatusOut(Schema):
    """Where a target stands against its path. Unknown says why and is never zero."""

    state: str = Field(description="met, on_path, slightly_behind, behind, unknown, not_started；空为不作判断")
    label: str
    why: str
    share: float | None = Field(description="达到目标值的比例，可大于 1；未知为 null")


class TargetWithNumbers(TargetOut):
    counted: FigureOut = Field(description="已认定，公开")
    claimed: FigureOut | None = Field(description="已申报，读者可见范围内；公众为 null")
    verified: FigureOut | None = Field(description="已核实，读者可见范围内；公众为 null")
    status: StatusOut


class TargetDetail(TargetWithNumbers):
    also_counts: list[str] = Field(description="共用成果的目标，形如 方案代码/目标编号")


class MeasureOut(Schema):
    key: str
    no: str
    name: str
    name_en: str
    action: str
    cities: bool
    duties: list[DutyOut]
    targets: list[TargetOut]
    span: tuple[int, int] | None


class MeasureDetail(MeasureOut):
    text: str
    mechanisms: list[str]
    commitments: list[str]


class ActionOut(Schema):
    key: str
    no: str
    name: str
    name_en: str
    measures: list[MeasureOut]


class PlanOut(Schema):
    code: str
    name: str
    name_en: str
    region: str
    document_no: str
    issued_on: date | None
    period: tuple[int, int] | None
    version: int
    actions: int
    measures: int
    targets: int
    parties: int


class PlanDetail(PlanOut):
    issuers: list[str]
    structure: list[ActionOut]
    headline_targets: list[TargetOut]


class TextOut(Schema):
    text: str
    sha256: str
    unplaced: list[dict]


class OrganisationOut(Schema):
    code: str
    name: str
    name_en: str
    full_name: str
    kind: str
    region: str
    leads: int
    helps: int


class OrganisationPage(Page):
    items: list[OrganisationOut]


class PartDuty(Schema):
    plan: str
    measure: str
    name: str
    role: str


class OrganisationDetail(Schema):
    code: str
    name: str
    name_en: str
    full_name: str
    kind: str
    region: str
    aliases: list[str]
    duties: list[PartDuty]
    counterparts: dict[str, str] = Field(description="地区代码 → 对口单位代码")


class CityOut(Schema):
    code: str
    name: str
    name_en: str
    group: str
    bureaus: int


class IndustryOut(Schema):
    code: str
    name: str
    name_en: str
    group: str
    aliases: list[str]


class TimeLimitOut(Schema):
    key: str
    name: str
    source: str
    confidence: str = Field(description="law, read, knowledge, indirect, default_ours")


class TaskOut(Schema):
    id: int
    kind: str
    label: str = Field(description="要办什么")
    subject: str
    object_kind: str
    object_key: str
    url: str = Field(description="办理页面的路径")
    opened_at: datetime
    opened_by: str
    due_on: date | None
    due_provisional: bool = Field(description="节假日安排尚未公布，截止日可能变动")
    group: str = Field(description="overdue, today, week, later, none")
    left: int | None = Field(description="距截止日的天数，逾期为负；无时限为 null")
    left_unit: str | None = Field(description="working, natural")
    paused: bool
    otherwise: str = Field(description="不办会怎样")
    rule: TimeLimitOut | None
    person: str | None = Field(description="转交给谁；null 为全单位")
    handed_by: str | None
    seen: bool


class TaskPage(Page):
    items: list[TaskOut]
