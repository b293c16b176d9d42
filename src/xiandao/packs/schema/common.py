"""What every file of a policy pack shares: strict base model, spans, sources and their confidence."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from xiandao.kernel.errors import InvalidValue
from xiandao.kernel.industry import IndustryCode
from xiandao.kernel.region import parse_region


class PackModel(BaseModel):
    """Base of all pack records: unknown fields are refused, records do not change after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def fault_error(found: str, expected: str, mend: str) -> PydanticCustomError:
    """Return the error a validator raises so that the loader can print 发现, 应为 and 处理 in Chinese."""
    return PydanticCustomError("pack", "{expected}", {"found": found, "expected": expected, "mend": mend})


Line = Annotated[str, Field(min_length=1, max_length=500, pattern=r"^\S([^\n\r]*\S)?$")]
"""One line of text without white space at either end."""

Prose = Annotated[str, Field(min_length=1, max_length=20_000)]
"""Free text, possibly of several lines."""

Code = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
"""A code of ours: lower-case letters, digits and hyphens."""

Key = Annotated[str, Field(pattern=r"^[A-Z][0-9A-Za-z]*(-[0-9]+)?$", max_length=20)]
"""Stable key of a plan item: A1, M06, T06-1, S06-1, Q06-1, C06-1, H1."""


def _check_region(value: str) -> str:
    try:
        parse_region(value)
    except InvalidValue as error:
        raise fault_error(f"“{value}”", error.expected, error.mend or "核对代码") from error
    return value


def _check_industry(value: str) -> str:
    try:
        IndustryCode(value)
    except InvalidValue as error:
        raise fault_error(f"“{value}”", error.expected, error.mend or "核对代码") from error
    return value


RegionId = Annotated[str, AfterValidator(_check_region)]
"""GB/T 2260 code of six digits; a zone has its parent's code, -Z and a number, as 320500-Z01 (kernel)."""

IndustryId = Annotated[str, AfterValidator(_check_industry)]
"""Code of an industry, as the kernel's IndustryCode."""

Year = Annotated[int, Field(ge=1949, le=2199)]

Confidence = Literal["law", "read", "knowledge", "indirect", "default_ours"]
"""How sure a rule is: ``law`` the text of the rule itself was read (handbook mark H), ``read`` a copy,
excerpt or official summary was read (M), ``knowledge`` professional knowledge, text not re-read (O),
``indirect`` truncated or conflicting (L; not enabled by default), ``default_ours`` platform default (D)."""


def _check_span(value: tuple[int, int]) -> tuple[int, int]:
    start, end = value
    if not 0 <= start < end:
        raise fault_error(f"[{start}, {end}]", "[起, 止]，且 0 ≤ 起 < 止", "按原文重新标注起止位置")
    return value


Span = Annotated[tuple[int, int], AfterValidator(_check_span)]
"""Half-open range [start, end) in the source text of the plan, counted in Unicode characters."""


class Quoted(PackModel):
    """Words of the source text and where they stand."""

    quote: Prose
    span: Span | None = None


class Source(PackModel):
    """Where a rule, threshold or fact comes from.

    ``document`` is an id of pack.yaml's documents; only platform defaults and professional
    knowledge may do without one. The rule holds from ``effective_from`` to ``effective_to``, both included.
    """

    confidence: Confidence
    document: Code | None = None
    article: Line | None = None
    effective_from: date | None = None
    effective_to: date | None = None
    note: Prose | None = None

    @model_validator(mode="after")
    def _document_where_needed(self) -> Self:
        if self.document is None and self.confidence not in ("default_ours", "knowledge"):
            mend = "填写 pack.yaml 中 documents 的 id，或改为 default_ours、knowledge"
            raise fault_error(f"{self.confidence} 而没有 document", "注明出处文件（document）", mend)
        if self.effective_from and self.effective_to and self.effective_from > self.effective_to:
            found = f"{self.effective_from} 至 {self.effective_to}"
            raise fault_error(found, "生效日期不晚于失效日期", "更正 effective_from 或 effective_to")
        return self
