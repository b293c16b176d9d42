"""A number with its source: value, unit, period, kind, freshness and the rows behind it. Unknown is never zero."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from urllib.parse import parse_qsl, urlencode

from .errors import InvalidValue
from .period import Period

_WHAT = "数"
Number = Decimal | int


class FigureKind(StrEnum):
    """How a number came about, from the firmest to the weakest."""

    COUNTED = "counted"
    VERIFIED = "verified"
    SELF_REPORTED = "self_reported"
    PUBLISHED = "published"
    ESTIMATED = "estimated"

    @property
    def label(self) -> str:
        """The kind in Chinese."""
        return FIGURE_KIND_LABELS[self]

    @property
    def weakness(self) -> int:
        """0 for the firmest kind; a sum is as weak as its weakest part."""
        return list(FigureKind).index(self)


FIGURE_KIND_LABELS: dict[FigureKind, str] = {
    FigureKind.COUNTED: "逐条计数",
    FigureKind.VERIFIED: "核实报表",
    FigureKind.SELF_REPORTED: "自行填报",
    FigureKind.PUBLISHED: "公开发布",
    FigureKind.ESTIMATED: "估算",
}


class Comparator(StrEnum):
    """How a number relates to the number written: exactly, at least, at most, about, less than, more than."""

    EQ = "="
    GE = "≥"
    LE = "≤"
    APPROX = "≈"
    LT = "<"
    GT = ">"

    @property
    def label(self) -> str:
        """The relation in Chinese."""
        return {"=": "等于", "≥": "不少于", "≤": "不超过", "≈": "约", "<": "不足", ">": "超过"}[self.value]

    def holds(self, value: Number | None, written: Number, *, tolerance: Decimal | None = None) -> bool | None:
        """Return whether `value` stands in this relation to `written`; None if `value` is unknown.

        “About” needs a `tolerance` as a share of `written` (0.05 = 5%); without one nobody can tell: None.
        """
        if value is None:
            return None
        if self is Comparator.APPROX:
            off = abs(Decimal(value) - Decimal(written))
            return None if tolerance is None else off <= abs(Decimal(written)) * tolerance
        return _COMPARE[self](value, written)


_COMPARE: dict[Comparator, Callable[[Number, Number], bool]] = {
    Comparator.EQ: operator.eq,
    Comparator.GE: operator.ge,
    Comparator.LE: operator.le,
    Comparator.LT: operator.lt,
    Comparator.GT: operator.gt,
}


@dataclass(frozen=True, slots=True)
class Freshness:
    """When a number was true (`as_of`) and within how many days a newer one was promised (None: no promise)."""

    as_of: date | datetime
    promised_days: int | None = None

    def age(self, today: date) -> int:
        """Return the age in whole days on `today`."""
        return (_day(today) - _day(self.as_of)).days

    def stale(self, today: date) -> bool:
        """Return whether the promised number of days has passed; without a promise never."""
        return self.promised_days is not None and self.age(today) > self.promised_days


@dataclass(frozen=True, slots=True)
class Bound:
    """Rounded published wording: “近1700家” keeps its words, is `<`, and its value 1700 is a bound, not a count."""

    comparator: Comparator
    value: Number
    wording: str = ""

    def __post_init__(self) -> None:
        _check_number(self.value)

    def allows(self, value: Number) -> bool | None:
        """Return whether an exact count agrees with the published wording; None for “about” (cannot tell)."""
        return self.comparator.holds(value, self.value)


@dataclass(frozen=True, slots=True)
class RowsRef:
    """The rows behind a number: a source (`domain.list`), the filters that select them, and how many they were.

    `to_query` writes it as a query string, `from_query` reads it back. Filter names must not begin with `_`.
    """

    source: str
    filters: Mapping[str, str] = field(default_factory=dict, hash=False)
    count: int | None = None

    def __post_init__(self) -> None:
        if not self.source:
            raise InvalidValue(self.source, "数据来源的名称", "例如 ledger.entries", "数据行引用")
        for name, value in self.filters.items():
            if not isinstance(name, str) or not name or name.startswith("_") or not isinstance(value, str):
                raise InvalidValue(f"{name}={value}", "不以下划线开头的筛选名和文字值", what="数据行引用")
        object.__setattr__(self, "filters", dict(sorted(self.filters.items())))  # own copy, in a fixed order

    def to_query(self) -> str:
        """Return `_source=…&name=value…[&_count=n]`, filters in alphabetical order, so equal references print equal."""
        pairs = [("_source", self.source), *self.filters.items()]
        return urlencode(pairs if self.count is None else [*pairs, ("_count", str(self.count))])

    @classmethod
    def from_query(cls, query: str) -> RowsRef:
        """Return the reference a query string holds; raises `InvalidValue` if it names no source or a name twice."""
        pairs = parse_qsl(query, keep_blank_values=True)
        values = dict(pairs)
        if len(values) < len(pairs):
            raise InvalidValue(query, "每个筛选名只出现一次", what="数据行引用")
        source, count = values.pop("_source", ""), values.pop("_count", None)
        if count is not None and not (count.isascii() and count.isdigit()):
            raise InvalidValue(count, "行数", what="数据行引用")
        return cls(source, values, None if count is None else int(count))


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many of the parts of a sum were known."""

    known: int
    of: int

    @property
    def complete(self) -> bool:
        """Whether every part was known."""
        return self.known == self.of

    @property
    def label(self) -> str:
        """The coverage in Chinese, such as 已知11项，共13项."""
        return f"已知{self.known}项，共{self.of}项"


@dataclass(frozen=True, slots=True)
class Figure:
    """One number and all that must be said of it. `value` None means unknown and prints 尚无数据, never 0.

    `rows`: the rows behind it; `parts`: the figures it was computed from. `wording` and `bound` keep rounded published
    words; `method` says how an estimate was made and `interval` how far it may be off; `coverage` belongs to sums.
    Raises `InvalidValue` for floats, numbers that are not finite, and intervals that do not hold the value.
    """

    name: str
    value: Number | None
    unit: str
    period: Period | None
    kind: FigureKind
    as_of: date | datetime
    rows: RowsRef | None = None
    wording: str | None = None
    bound: Bound | None = None
    method: str | None = None
    interval: tuple[Number, Number] | None = None
    promised_days: int | None = None
    parts: tuple[Figure, ...] = ()
    coverage: Coverage | None = None

    def __post_init__(self) -> None:
        if self.value is not None:
            _check_number(self.value)
        if self.interval is not None:
            low, high = (_check_number(end) for end in self.interval)
            if low > high or (self.value is not None and not low <= self.value <= high):
                raise InvalidValue(f"[{low}, {high}]", "含有该数且下限不大于上限的区间", what=f"“{self.name}”的区间")

    @property
    def is_unknown(self) -> bool:
        """Whether there is no number; unknown is not zero."""
        return self.value is None

    @property
    def freshness(self) -> Freshness:
        """When the number was true and how soon a newer one was promised."""
        return Freshness(self.as_of, self.promised_days)

    def text(self) -> str:
        """Return the number for print: published words, else value with commas and unit, else 尚无数据."""
        if self.wording is not None:
            return self.wording
        if self.value is None:
            return "尚无数据"
        sign = self.bound.comparator.value if self.bound and self.bound.comparator is not Comparator.EQ else ""
        return (
            f"{sign}{self.value:,f}{self.unit}"
            if isinstance(self.value, Decimal)
            else f"{sign}{self.value:,}{self.unit}"
        )

    def lineage(self) -> Iterator[RowsRef]:
        """Yield every set of rows behind the number: its own, then those of its parts."""
        if self.rows is not None:
            yield self.rows
        for part in self.parts:
            yield from part.lineage()


def total(
    figures: Iterable[Figure], *, name: str | None = None, rows: RowsRef | None = None, known_only: bool = False
) -> Figure:
    """Return the sum of figures of one unit, with the figures as its parts.

    Unknown if any part is unknown, unless `known_only` asks for the sum of the known ones; `coverage` tells how many
    they are. The kind is the weakest and the date the oldest of the parts counted; intervals add up end to end
    (the widest possible); bounds in one direction stay a bound, mixed ones become “about”. The period is kept if
    all parts share it. Raises `InvalidValue` for no figures, or different units.
    """
    parts = tuple(figures)
    if not parts:
        raise InvalidValue("", "至少一个数", "没有可加的数时应显示“尚无数据”，不能当作0", "合计")
    units = sorted({part.unit for part in parts})
    if len(units) > 1:
        raise InvalidValue("、".join(units), "单位相同的数", "请先换算成同一单位", "合计")
    known = [part for part in parts if not part.is_unknown]
    summable = bool(known) and (known_only or len(known) == len(parts))
    used = known if summable else list(parts)
    value = sum((part.value for part in known if part.value is not None), start=0) if summable else None
    kinds, days = [part.kind for part in used], [part.as_of for part in used]
    periods = {part.period for part in parts}
    return Figure(
        name=name if name is not None else parts[0].name,
        value=value,
        unit=units[0],
        period=periods.pop() if len(periods) == 1 else None,
        kind=max(kinds, key=lambda kind: kind.weakness),
        as_of=min(days, key=_day),
        rows=rows,
        bound=_sum_of_bounds(known, value),
        interval=_sum_of_intervals(known) if summable else None,
        promised_days=min((p.promised_days for p in used if p.promised_days is not None), default=None),
        parts=parts,
        coverage=Coverage(len(known), len(parts)),
    )


def ratio(part: Figure, whole: Figure) -> Decimal | None:
    """Return `part` / `whole` as a Decimal (0.25 = 25%); None if either is unknown or the base is zero."""
    if part.value is None or whole.value is None or not whole.value:
        return None
    return Decimal(part.value) / Decimal(whole.value)


def _sum_of_bounds(known: list[Figure], value: Number | None) -> Bound | None:
    """Return the bound a sum inherits: one direction stays (strict if any is), opposite directions are “about”."""
    signs = {part.bound.comparator for part in known if part.bound} - {Comparator.EQ}
    if value is None or not signs:
        return None
    for strict, weak in ((Comparator.LT, Comparator.LE), (Comparator.GT, Comparator.GE)):
        if signs <= {strict, weak}:
            return Bound(strict if strict in signs else weak, value)
    return Bound(Comparator.APPROX, value)


def _sum_of_intervals(known: list[Figure]) -> tuple[Number, Number] | None:
    """Return the sums of lower and of upper ends, exact figures counting as points; None if all are exact."""
    if all(part.interval is None for part in known):
        return None
    ends = [part.interval or (part.value or 0, part.value or 0) for part in known]
    return sum((low for low, _ in ends), start=0), sum((high for _, high in ends), start=0)


def _check_number(value: object) -> Number:
    """Return `value` if it is an int or a finite Decimal; raises `InvalidValue` for floats, booleans, NaN."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise InvalidValue(value, "整数或 Decimal", "浮点数有误差，请以文字构造 Decimal", _WHAT)
    if isinstance(value, Decimal) and not value.is_finite():
        raise InvalidValue(value, "有限的数字", "未知请用 None", _WHAT)
    return value


def _day(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment
