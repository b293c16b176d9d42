"""pack.yaml: what the pack is, whose it is, and the documents its records cite."""

import datetime as dt
from typing import Literal, Self

from pydantic import Field, model_validator

from xiandao.packs.schema.common import Code, Confidence, Line, PackModel, Prose, RegionId, Year, fault_error

Level = Literal["national", "province", "city", "county"]


class SourceDocument(PackModel):
    """A law, standard, policy paper or report. ``confidence`` says how its text was read."""

    id: Code
    title: Line
    title_en: Line
    number: Line | None = None
    issuer: Line | None = None
    date: dt.date | None = None
    url: str | None = Field(default=None, pattern=r"^https?://[^\s]+$", max_length=500)
    confidence: Confidence
    parents: tuple[Code, ...] = ()
    note: Prose | None = None


class Jurisdiction(PackModel):
    """The place the pack is for: GB/T 2260 code and level."""

    region: RegionId
    level: Level


class PackMeta(PackModel):
    """Head of a pack. ``main_plan`` is the code of plan.yaml; ``documents`` are cited by id everywhere."""

    schema_version: Literal[1]
    code: Code
    title: Line
    title_en: Line
    jurisdiction: Jurisdiction
    period: tuple[Year, Year]
    main_plan: Code
    note: Prose | None = None
    note_en: Prose | None = None
    documents: tuple[SourceDocument, ...]

    @model_validator(mode="after")
    def _period_in_order(self) -> Self:
        if self.period[0] > self.period[1]:
            found = f"{self.period[0]} 至 {self.period[1]}"
            raise fault_error(found, "起始年份不晚于结束年份", "调换 period 的两个年份")
        return self
