"""Shapes of answers about enterprises. Money is in yuan as text of a decimal; unknown is null."""

from datetime import date, datetime
from decimal import Decimal

from ninja import Field, Schema

from xiandao.api.schemas import Page


class FirmQuery(Schema):
    """The filters of the list, as on the page."""

    q: str = Field("", max_length=100, description="名称、代码或经营范围中的词")
    decision: str = Field("", max_length=100, description="counted（默认）、review、out、all")
    city: str = Field("", max_length=100, description="设区市代码")
    county: str = Field("", max_length=100, description="县（市、区）代码，与 city 同用")
    industry: str = Field("", max_length=100, description="产业代码")
    segment: str = Field("", max_length=100, description="环节，形如 hydrogen/storage")
    role: str = Field("", max_length=100, description="core、service、trade、mention")
    score: str = Field("", max_length=100, description="95、80、50、low")
    settled: str = Field("", max_length=100, description="model、review、objection")
    since: str = Field("", max_length=100, description="成立年份自")
    until: str = Field("", max_length=100, description="成立年份至")
    capital: str = Field("", max_length=100, description="0、100、1000、10000（万元档）、unknown")
    change: str = Field("", max_length=100, description="new、gone")
    life: str = Field("", max_length=100, description="any 或年份：该年年末在业")


class ResultOut(Schema):
    """What the run in force found of an enterprise in one industry."""

    industry: str
    segment: str
    role: str = Field(description="core, service, trade, mention")
    decision: str = Field(description="in, review, out")
    score: float | None = Field(description="模型给出的概率；未知为 null")
    settled: str = Field(description="model, review, objection：结论由谁作出")
    terms: list[str] = Field(description="依据的词条")


class EnterpriseOut(Schema):
    id: int
    name: str
    uscc: str
    region: str | None = Field(description="地区代码；地区不详为 null")
    registered_on: date | None
    capital: Decimal | None = Field(description="注册资本，元")
    results: list[ResultOut]


class EnterprisePage(Page):
    run: int | None = Field(description="识别批次；还没有识别为 null")
    items: list[EnterpriseOut]


class EvidenceOut(Schema):
    industry: str
    term: str
    product: str = Field(description="产品目录代码，形如 产业/产品")
    clause: str
    verbs: list[str] = Field(description="develop, make, serve, sell")
    discount: str | None = Field(description="excluded, trap；计算的为 null")
    trap: str | None


class ChangeOut(Schema):
    kind: str
    before: str
    after: str
    at: datetime


class EnterpriseDetail(EnterpriseOut):
    kind: str
    place: str
    ended_on: date | None
    activity: str
    status: str
    scope: str
    gone: bool = Field(description="在现行名录中已不再登记")
    evidence: list[EvidenceOut]
    changes: list[ChangeOut]


class EstimateOut(Schema):
    """A count with what must be said of it."""

    value: int | Decimal | None
    low: int | Decimal | None = Field(description="区间下限；没有抽样为 null")
    high: int | Decimal | None
    unit: str
    kind: str
    method: str
    as_of: date


class CellOut(Schema):
    city: str = Field(description="设区市代码；空为地区不详")
    core: int
    service: int
    capital: Decimal | None = Field(description="已登记金额之和，元；都没有登记为 null")
    capital_known: int = Field(description="有金额的企业数")


class YearOut(Schema):
    year: int
    existing: int
    new: int


class IndustryFigures(Schema):
    industry: str
    firms: EstimateOut
    cells: list[CellOut]
    years: list[YearOut]


class FiguresOut(Schema):
    run: int | None
    source: str = Field(description="登记名录")
    as_of: date | None
    method: str
    industries: list[IndustryFigures]


class SquareOut(Schema):
    city: str
    industry: str
    firms: int
    share: float | None = Field(description="占本市")
    part: float | None = Field(description="占全省该产业")
    quotient: float | None = Field(description="区位商；没有分母为 null")
    state: str = Field(description="none, small, high；空为一般")


class LayoutOut(Schema):
    run: int | None
    as_of: date | None
    formula: str
    cells: list[SquareOut]
