"""PlanDoc: one plan as the pack, the compiler, the import editor and the database loader exchange it."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from xiandao.packs.schema.common import Code, Key, Line, PackModel, Prose, Quoted, Source, Span, Year, fault_error


def _as_decimal(value: object) -> object:
    """Return numbers as Decimal; a quoted number is text and refused (pydantic alone would take it)."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise fault_error(f"“{value}”", "数字", "写成不带引号的数字")
    return Decimal(str(value))


Number = Annotated[Decimal, Field(max_digits=18), BeforeValidator(_as_decimal)]
"""A number as printed. Integers up to 18 digits and fractions up to 15 survive YAML and JSON unchanged."""

Ordinal = Annotated[str, Field(max_length=30)]
"""Number of a heading as printed, without trailing 、 or . ("" where the text has none)."""

Sureness = Annotated[float, Field(ge=0, le=1)]
Comparator = Literal["=", "≥", "≤", "≈", "<", ">"]
TargetKind = Literal["count", "amount", "ratio", "growth", "rank", "subsidy"]
Strength = Literal["firm", "soft"]


class Item(PackModel):
    """What every item of a plan carries: stable key, place in the text, how sure, whether a person looked.

    ``span`` covers the whole item in the source text. ``confidence`` (0 to 1) is the compiler's,
    None where a person wrote the item, and ``doubts`` its reasons in Chinese; ``reviewed`` says that a
    person compared the item with the text.
    """

    key: Key
    span: Span | None = None
    confidence: Sureness | None = None
    doubts: tuple[Line, ...] = ()
    reviewed: bool = False


class TargetPart(PackModel):
    """One of the kinds of things a target adds up, shown as a sub-split (概念验证中心 + 中小试基地)."""

    name: Line
    name_en: Line | None = None


class Target(Item):
    """A number promised (or, with kind ``subsidy``, granted): value or low–high, in the unit as printed.

    ``quote`` is the shortest clause that states it, ``span`` its place; ``also`` lists further places
    with the same number. Unknown is None, never zero. Conventions: policy/schema.md 6 to 14.
    """

    value: Number | None = None
    low: Number | None = None
    high: Number | None = None
    unit: str = Field(default="", max_length=30)
    comparator: Comparator = "="
    year: Year | None = None
    object: Line
    object_en: Line | None = None
    kind: TargetKind
    quote: Prose | None = None
    also: tuple[Quoted, ...] = ()
    parts: tuple[TargetPart, ...] = ()
    note: Prose | None = None

    @model_validator(mode="after")
    def _value_or_range(self) -> Self:
        is_range = self.low is not None and self.high is not None
        if (self.value is None) != is_range or (self.low is None) != (self.high is None):
            found = f"value {self.value}、low {self.low}、high {self.high}".replace("None", "空")
            raise fault_error(found, "只写 value，或同时写 low 与 high", "单值填 value；区间填 low 和 high，value 留空")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise fault_error(f"low {self.low} 大于 high {self.high}", "low 不大于 high", "调换 low 与 high")
        return self


class Mechanism(Item):
    """A mechanism the plan names in quotation marks (“揭榜挂帅”)."""

    name: Line
    name_en: Line | None = None


class Commitment(Item):
    """A promise without a number: ``firm`` (建设、实施 …) or ``soft`` (探索、鼓励、支持、争取 …), with its verb."""

    quote: Prose
    strength: Strength
    verb: Line | None = None
    text_en: Prose | None = None


class Duty(PackModel):
    """Who answers for a measure: the leading bodies, the helping ones (``with`` in files), lower levels.

    ``open_ended`` is true where the list ends in 等; ``standing`` where the duty of cities comes
    from the plan's standing duty and is not repeated in this measure; ``quotes`` are the words it was
    read from (more than one where a task table repeats it). ``confidence`` and ``doubts`` as for items.
    """

    lead: tuple[Line, ...] = ()
    helping: Annotated[tuple[Line, ...], Field(alias="with")] = ()
    cities: bool = False
    open_ended: bool = False
    standing: bool = False
    confidence: Sureness | None = None
    doubts: tuple[Line, ...] = ()
    quotes: tuple[Quoted, ...] = ()


class Measure(Item):
    """A numbered task (任务) of an action. ``deadline`` is the printed 完成时限, where there is one."""

    no: Ordinal
    title: Line
    title_en: Line | None = None
    duty: Duty = Duty()
    deadline: Line | None = None
    targets: tuple[Target, ...] = ()
    support: tuple[Target, ...] = ()
    mechanisms: tuple[Mechanism, ...] = ()
    commitments: tuple[Commitment, ...] = ()


class Action(Item):
    """A heading (行动) above numbered measures; ``implied`` where the text has none and the plan stands in."""

    no: Ordinal
    title: Line
    title_en: Line | None = None
    implied: bool = False
    measures: tuple[Measure, ...] = ()


class StandingDuty(Quoted):
    """A duty stated once for all measures (measure 1 of the Jiangsu plan: all cities, for each measure)."""

    cities: bool = True
    text_en: Prose | None = None


class PlanDoc(PackModel):
    """One plan: head, actions with measures, headline targets outside measures, text not placed.

    ``issuers`` are names as printed; ``period`` the first and last year of the title; ``addressees``
    the line that names who receives the notice; ``text_available`` is false where only reports of
    the document were read, so that no item can carry a span.
    """

    code: Code
    title: Line
    title_en: Line | None = None
    number: Line | None = None
    issued_on: date | None = None
    issuers: tuple[Line, ...] = ()
    period: tuple[Year, Year] | None = None
    text_available: bool = True
    source: Source | None = None
    note: Prose | None = None
    note_en: Prose | None = None
    addressees: Quoted | None = None
    preamble: Quoted | None = None
    standing_duty: StandingDuty | None = None
    actions: tuple[Action, ...] = ()
    headline_targets: tuple[Target, ...] = ()
    headline_commitments: tuple[Commitment, ...] = ()
    unplaced: tuple[Quoted, ...] = ()

    @model_validator(mode="after")
    def _period_in_order(self) -> Self:
        if self.period is not None and self.period[0] > self.period[1]:
            found = f"{self.period[0]} 至 {self.period[1]}"
            raise fault_error(found, "起始年份不晚于结束年份", "调换 period 的两个年份")
        return self

    def measures(self) -> Iterator[Measure]:
        """Yield all measures in the order of the text."""
        return (measure for action in self.actions for measure in action.measures)

    def targets(self) -> Iterator[Target]:
        """Yield all targets: those of the measures in order, then the headline targets (no support standards)."""
        for measure in self.measures():
            yield from measure.targets
        yield from self.headline_targets

    def parties(self) -> tuple[str, ...]:
        """Return every body named in a duty, as printed, once, in order of first appearance."""
        names = (name for m in self.measures() for name in (*m.duty.lead, *m.duty.helping))
        return tuple(dict.fromkeys(names))
