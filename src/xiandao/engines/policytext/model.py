"""What a compiled plan consists of: frozen records, each with its character span in the published text."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Comparator = Literal["=", "≥", "≤", "≈"]
Kind = Literal["count", "amount", "ratio", "growth", "rank", "subsidy"]
Strength = Literal["firm", "soft"]


class NotAPlan(ValueError):  # noqa: N818 — the name says what was found, as the messages do
    """The text given is not a government plan this engine can compile.

    `reason` says what was found and `mend` what to do, both in Chinese; `code` is a stable English word:
    empty, binary, too_long, not_chinese, no_structure, not_a_plan.
    """

    def __init__(self, code: str, reason: str, mend: str) -> None:
        super().__init__(f"{reason}{mend}")
        self.code = code
        self.reason = reason
        self.mend = mend


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open range of characters [start, end) in the text as given."""

    start: int
    end: int

    def touches(self, other: "Span") -> bool:
        """Whether the two ranges share at least one character."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Confidence:
    """How sure the rules are, 0 to 1, and in Chinese why it is not higher (see confidence.py)."""

    value: float
    reasons: tuple[str, ...] = ()


SURE = Confidence(1.0)


@dataclass(frozen=True, slots=True)
class Citation:
    """A stretch of the published text: its wording (line breaks inside it taken out) and where it stands."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Target:
    """A number promised (or, with kind "subsidy", granted). Schema sections 6 to 15.

    `value` is None when `low` and `high` hold a range. `unit` is as printed ("万人次", "亿元", "" if none);
    `year` is None when no single year governs it.
    """

    id: str
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    unit: str
    comparator: Comparator
    year: int | None
    object: str
    kind: Kind
    quote: Citation
    also: tuple[Citation, ...]
    number: Span
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Body:
    """A department or other party named in a duty, as printed."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class Duty:
    """Who leads, who helps, and whether lower governments or zone committees answer too.

    `standing` is true when a rule stated once for all measures added to it; `spans` are the lists it was read from.
    """

    lead: tuple[Body, ...] = ()
    with_: tuple[Body, ...] = ()
    cities: bool = False
    standing: bool = False
    spans: tuple[Span, ...] = ()
    confidence: Confidence = SURE


@dataclass(frozen=True, slots=True)
class Mention:
    """A mechanism named in quotation marks."""

    id: str
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Commitment:
    """A promise without a number: firm (建设, 实施 …) or soft (探索, 鼓励 …)."""

    id: str
    strength: Strength
    verb: str
    quote: Citation
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Measure:
    """A numbered item that assigns work. `deadline` is the printed 完成时限, if the text or a task table has one."""

    id: str
    no: str
    title: str
    title_span: Span
    span: Span
    duty: Duty
    targets: tuple[Target, ...]
    support: tuple[Target, ...]
    quotes: tuple[Mention, ...]
    commitments: tuple[Commitment, ...]
    deadline: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Action:
    """The heading directly above numbered measures; `implied` when a flat list has none and the plan stands in."""

    id: str
    no: str
    title: str
    title_span: Span
    span: Span
    measures: tuple[Measure, ...]
    implied: bool
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of the text and what became of it: `role` is an English word, `label` its Chinese name."""

    span: Span
    role: str
    label: str


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A number that was looked at and found to be no target, with the rule that said so (Chinese)."""

    span: Span
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Head:
    """Title, document number, dates and issuers with where each was read."""

    title: str
    title_span: Span | None
    number: str | None
    number_span: Span | None
    issued_on: str | None
    issued_span: Span | None
    issuers: tuple[Body, ...]
    period: tuple[int, int] | None


Item = Action | Measure | Target | Mention | Commitment


@dataclass(frozen=True, slots=True)
class PlanDocument:
    """A compiled plan. `placed` and `unplaced` together cover every non-blank character of `text`."""

    name: str
    text: str
    head: Head
    actions: tuple[Action, ...]
    headline_targets: tuple[Target, ...]
    headline_commitments: tuple[Commitment, ...]
    placed: tuple[Passage, ...]
    unplaced: tuple[Passage, ...]
    passed_over: tuple[PassedOver, ...]
    confidence: Confidence

    @property
    def title(self) -> str:
        """The plan's own title."""
        return self.head.title

    def measures(self) -> Iterator[Measure]:
        """All measures in the order of the text."""
        for action in self.actions:
            yield from action.measures

    def targets(self) -> Iterator[Target]:
        """Headline targets, then each measure's; support standards are not among them."""
        yield from self.headline_targets
        for measure in self.measures():
            yield from measure.targets

    def items(self) -> Iterator[Item]:
        """Everything that has an id: actions, measures, targets, support, mentions and commitments."""
        yield from self.headline_targets
        yield from self.headline_commitments
        for action in self.actions:
            yield action
            for measure in action.measures:
                yield measure
                yield from measure.targets
                yield from measure.support
                yield from measure.quotes
                yield from measure.commitments
