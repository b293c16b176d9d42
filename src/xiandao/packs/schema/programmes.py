"""programmes/*.yaml: a programme each – what is called for, who may apply, what is asked, how it is decided."""

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from xiandao.packs.schema.common import Code, Key, Line, PackModel, Prose, Source, fault_error
from xiandao.packs.schema.forms import FieldKey, FormPart, Section

Kind = Literal["designation", "funding", "open_bid", "horse_race", "commission", "contest", "nomination"]
_WHOLE = 100  # percent
Months = Annotated[int, Field(ge=1, le=240)]


class EligibilityRule(PackModel):
    """One condition of who may apply: an SQL expression over the fields of the form, and what it means in words.

    ``effect``: ``bar`` an application that fails it cannot be submitted, ``warn`` it is told and decided by people.
    Unknown is neither: what is not filled in is no failure.
    """

    key: FieldKey
    expression: Annotated[str, Field(min_length=1, max_length=2000)]
    message: Line
    effect: Literal["bar", "warn"] = "bar"
    source: Source


class RulePart(PackModel):
    """A rule written here, or ``include``: the key of a rule of common.yaml."""

    include: FieldKey | None = None
    key: FieldKey | None = None
    expression: Annotated[str, Field(min_length=1, max_length=2000)] | None = None
    message: Line | None = None
    effect: Literal["bar", "warn"] = "bar"
    source: Source | None = None

    @model_validator(mode="after")
    def _one_or_the_other(self) -> Self:
        own = (self.key, self.expression, self.message, self.source)
        if self.include is not None and any(part is not None for part in own):
            raise fault_error(
                "include 与自写的条件并存", "二者取一", "写 include，或写 key、expression、message、source"
            )
        if self.include is None and None in own:
            raise fault_error("缺少 key、expression、message 或 source", "四项齐全", "补齐，或改写 include")
        return self

    def rule(self) -> EligibilityRule | None:
        """Return the rule written here, None for an include."""
        if self.key is None or self.expression is None or self.message is None or self.source is None:
            return None
        return EligibilityRule(
            key=self.key, expression=self.expression, message=self.message, effect=self.effect, source=self.source
        )


class Serves(PackModel):
    """A target of a plan that entries of the programme count towards, and in which state they do."""

    plan: Code
    target: Key
    counts_when: Line


class Recommendation(PackModel):
    """Who recommends: the city counterpart of ``of`` (the lead where it is not given), a department, or nobody."""

    by: Literal["city_counterpart", "department", "none"]
    of: Line | None = None
    quota: Annotated[int, Field(ge=1, le=10_000)] | None = None
    source: Source


StageCode = Literal["formal_check", "correction", "recommendation", "review", "site_check", "decision", "notice"]


class Stage(PackModel):
    """A stage an application goes through, and the rule of deadlines.yaml that is its clock."""

    stage: StageCode
    clock: Line | None = None


class Panel(PackModel):
    """Who reviews: how many, of which kinds."""

    size: Annotated[int, Field(ge=3, le=31)]
    technical_share: Annotated[Decimal, Field(ge=0, le=1)] = Decimal("0.6")
    industry_share: Annotated[Decimal, Field(ge=0, le=1)] = Decimal("0.2")
    finance_experts: Annotated[int, Field(ge=0, le=9)] = 0
    source: Source


class Criterion(PackModel):
    """What is scored, its weight in percent, and what the reviewer looks at."""

    name: Line
    weight: Annotated[int, Field(ge=1, le=100)]
    looks_at: Line


class Scoring(PackModel):
    """The criteria of the review and the score from which one is eligible."""

    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1)]
    pass_mark: Annotated[int, Field(ge=0, le=100)]
    source: Source

    @model_validator(mode="after")
    def _weights_are_whole(self) -> Self:
        total = sum(criterion.weight for criterion in self.criteria)
        if total != _WHOLE:
            raise fault_error(f"权重合计 {total}", "权重合计 100", "调整 weight")
        return self


class Decision(PackModel):
    """Who decides, by which kind of minute."""

    body: Line
    minute: Line
    source: Source


class Validity(PackModel):
    """How long a designation holds, in months; None: until it is removed or the project ends."""

    months: Months | None
    source: Source


class Grade(PackModel):
    """A grade of an evaluation: from which score on, and what follows from it."""

    name: Line
    least: Annotated[int, Field(ge=0, le=100)]
    follows: Line


class Evaluation(PackModel):
    """How often it is looked at again, and the grades."""

    every_months: Months
    grades: Annotated[tuple[Grade, ...], Field(min_length=2)]
    source: Source

    @model_validator(mode="after")
    def _grades_fall(self) -> Self:
        marks = [grade.least for grade in self.grades]
        if marks != sorted(set(marks), reverse=True) or marks[-1] != 0:
            raise fault_error(f"起点 {marks}", "由高到低，末级从 0 起", "更正 least")
        return self


class Removal(PackModel):
    """When a title is taken away and for how long one may not apply again."""

    grounds: Annotated[tuple[Line, ...], Field(min_length=1)]
    bar_months: Months | None = None
    source: Source


class Certificate(PackModel):
    """What the certificate or decision letter says; ``wording`` may hold {holder}, {name}, {level}, {valid_to}."""

    title: Line
    wording: Prose


class ProgrammeFile(PackModel):
    """One file programmes/CODE.yaml."""

    code: Code
    name: Line
    en: Line
    kind: Kind
    order: Annotated[int, Field(ge=0, le=10_000)] = 0
    lead: Line
    with_: tuple[Line, ...] = Field(default=(), alias="with")
    measures: Annotated[tuple[Key, ...], Field(min_length=1)]
    serves: tuple[Serves, ...] = ()
    about: Prose
    applicants: Annotated[tuple[Line, ...], Field(min_length=1)]
    partners: Annotated[int, Field(ge=0, le=20)] = 0
    asks_money: bool = False
    needs: bool = False
    eligibility: tuple[RulePart, ...] = ()
    form: Annotated[tuple[FormPart, ...], Field(min_length=1)]
    recommendation: Recommendation
    corrections: Annotated[int, Field(ge=0, le=3)] = 1
    stages: Annotated[tuple[Stage, ...], Field(min_length=1)]
    panel: Panel | None = None
    scoring: Scoring | None = None
    decision: Decision
    levels: tuple[Line, ...] = ()
    validity: Validity
    evaluation: Evaluation | None = None
    upgrade: Prose | None = None
    removal: Removal | None = None
    certificate: Certificate
    note: Prose | None = None


class CommonSection(PackModel):
    """A section several programmes ask for."""

    include: Code
    section: Section


class CommonFile(PackModel):
    """The whole of programmes/common.yaml: sections and rules that programmes include."""

    sections: tuple[CommonSection, ...] = ()
    eligibility: tuple[EligibilityRule, ...] = ()
