"""Reporting periods: year, half, quarter, month, their arithmetic and names, and spans of years for plans."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import total_ordering

from .errors import InvalidValue

FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Years a period may lie in; anything else in a document is a misreading."""

_WHAT = "期间"
_FORMS = "例如 2024、2024H1、2024Q3、2024-07，或 2024年、2024年上半年、2024年三季度、2024年7月"


class PeriodKind(StrEnum):
    """How long a period is."""

    YEAR = "year"
    HALF = "half"
    QUARTER = "quarter"
    MONTH = "month"

    @property
    def per_year(self) -> int:
        """How many such periods make a year."""
        return {"year": 1, "half": 2, "quarter": 4, "month": 12}[self.value]

    @property
    def months(self) -> int:
        """How many months such a period has."""
        return 12 // self.per_year

    @property
    def label(self) -> str:
        """The kind in Chinese."""
        return {"year": "年度", "half": "半年", "quarter": "季度", "month": "月度"}[self.value]


_QUARTERS = "一二三四"
_PATTERNS: tuple[tuple[PeriodKind, re.Pattern[str]], ...] = (
    (PeriodKind.YEAR, re.compile(r"(\d{4})(?:年度?)?(?:全年)?()")),
    (PeriodKind.HALF, re.compile(r"(\d{4})-?H([12])")),
    (PeriodKind.HALF, re.compile(r"(\d{4})年([上下])半年")),
    (PeriodKind.QUARTER, re.compile(r"(\d{4})-?Q([1-4])")),
    (PeriodKind.QUARTER, re.compile(r"(\d{4})年第?([1-4一二三四])季度?")),
    (PeriodKind.MONTH, re.compile(r"(\d{4})-(\d{1,2})")),
    (PeriodKind.MONTH, re.compile(r"(\d{4})(\d{2})")),
    (PeriodKind.MONTH, re.compile(r"(\d{4})年(\d{1,2})月份?")),
)
_NUMBERS = {"": 1, "上": 1, "下": 2, **{c: i for i, c in enumerate(_QUARTERS, start=1)}}


def _clean(text: object) -> str:
    """Return text in half width and capitals without spaces, any dash written as a hyphen."""
    if not isinstance(text, str):
        raise InvalidValue(text, "文字形式的期间", _FORMS, _WHAT)
    return re.sub(r"[‐‑‒–—―−~～至]+", "-", re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).upper())


@total_ordering
@dataclass(frozen=True, slots=True)
class Period:
    """One year, or the `number`-th half, quarter or month of it (counted from 1; always 1 for a year).

    Ordered by first day, the longer first. Raises `InvalidValue` for numbers the year does not have and for years
    outside 1900–2199.
    """

    kind: PeriodKind
    year: int
    number: int = 1

    def __post_init__(self) -> None:
        if not FIRST_YEAR <= self.year <= LAST_YEAR:
            raise InvalidValue(self.year, f"{FIRST_YEAR}—{LAST_YEAR}年", _FORMS, "年份")
        if not 1 <= self.number <= self.kind.per_year:
            raise InvalidValue(self.number, f"1—{self.kind.per_year}", _FORMS, f"{self.kind.label}序号")

    @classmethod
    def parse(cls, text: str) -> Period:
        """Return the period printed in `text`, as code (2024Q3) or in Chinese (2024年三季度)."""
        clean = _clean(text)
        for kind, pattern in _PATTERNS:
            if match := pattern.fullmatch(clean):
                number = _NUMBERS.get(match[2]) or int(match[2])
                return cls(kind, int(match[1]), number)
        raise InvalidValue(text, "年、半年、季度或月份", _FORMS, _WHAT)

    @classmethod
    def covering(cls, day: date, kind: PeriodKind) -> Period:
        """Return the period of `kind` in which `day` lies."""
        return cls(kind, day.year, (day.month - 1) // kind.months + 1)

    @classmethod
    def range(cls, first: Period, last: Period) -> Iterator[Period]:
        """Yield the periods from `first` to `last`, both included; none if `last` is earlier. Kinds must agree."""
        for step in range(first.distance(last) + 1):
            yield first + step

    @property
    def start(self) -> date:
        """The first day."""
        return date(self.year, (self.number - 1) * self.kind.months + 1, 1)

    @property
    def end(self) -> date:
        """The last day."""
        months = self.year * 12 + self.number * self.kind.months
        return date(months // 12, months % 12 + 1, 1) - timedelta(days=1)

    def __str__(self) -> str:
        forms = {"year": "{0}", "half": "{0}H{1}", "quarter": "{0}Q{1}", "month": "{0}-{1:02}"}
        return forms[self.kind.value].format(self.year, self.number)

    @property
    def label(self) -> str:
        """The name in Chinese: 2024年, 2024年上半年, 2024年三季度, 2024年7月."""
        match self.kind:
            case PeriodKind.YEAR:
                return f"{self.year}年"
            case PeriodKind.HALF:
                return f"{self.year}年{'上下'[self.number - 1]}半年"
            case PeriodKind.QUARTER:
                return f"{self.year}年{_QUARTERS[self.number - 1]}季度"
            case PeriodKind.MONTH:
                return f"{self.year}年{self.number}月"

    @property
    def cumulative_label(self) -> str:
        """The name of the year up to and including this period: 2024年前三季度, 2024年1—7月, 2024年上半年, 2024年."""
        if self.number == self.kind.per_year:
            return f"{self.year}年"
        if self.number == 1 or self.kind is PeriodKind.HALF:
            return self.label
        if self.kind is PeriodKind.MONTH:
            return f"{self.year}年1—{self.number}月"
        return f"{self.year}年{'上半年' if self.number == 2 else '前三季度'}"  # noqa: PLR2004 — two quarters are a half

    def __lt__(self, other: Period) -> bool:
        if not isinstance(other, Period):
            return NotImplemented
        return (self.start, -self.kind.months) < (other.start, -other.kind.months)

    @property
    def _ordinal(self) -> int:
        return self.year * self.kind.per_year + self.number - 1

    def __add__(self, steps: int) -> Period:
        """Return the period `steps` of its own kind later; raises `InvalidValue` beyond the years allowed."""
        if not isinstance(steps, int):
            return NotImplemented
        year, index = divmod(self._ordinal + steps, self.kind.per_year)
        return Period(self.kind, year, index + 1)

    def __sub__(self, steps: int) -> Period:
        return self + -steps if isinstance(steps, int) else NotImplemented

    def distance(self, other: Period) -> int:
        """Return how many periods `other` of the same kind is later; negative if earlier."""
        if other.kind is not self.kind:
            raise InvalidValue(other, f"与 {self} 同为{self.kind.label}的期间", "请先换成同一种期间", _WHAT)
        return other._ordinal - self._ordinal

    def next(self) -> Period:
        """Return the period after this one."""
        return self + 1

    def previous(self) -> Period:
        """Return the period before this one (上期, for the 环比)."""
        return self - 1

    def last_year(self) -> Period:
        """Return the same period of the year before (上年同期, for the 同比)."""
        return Period(self.kind, self.year - 1, self.number)

    def contains(self, other: Period | date) -> bool:
        """Whether a day, or a whole other period, lies in this one."""
        first, last = (other.start, other.end) if isinstance(other, Period) else (other, other)
        return self.start <= first and last <= self.end

    def children(self, kind: PeriodKind) -> tuple[Period, ...]:
        """Return the periods of a shorter (or the same) `kind` that make up this one; a longer kind is an error."""
        count, rest = divmod(self.kind.months, kind.months)
        if rest or not count:
            raise InvalidValue(kind.label, f"不长于{self.kind.label}的期间种类", what=_WHAT)
        first = Period.covering(self.start, kind)
        return tuple(first + i for i in range(count))

    def year_to_date(self) -> tuple[Period, ...]:
        """Return the periods of this kind from the start of the year up to and including this one (累计)."""
        return tuple(Period(self.kind, self.year, i) for i in range(1, self.number + 1))


@dataclass(frozen=True, slots=True, order=True)
class YearSpan:
    """Whole years from `first` to `last`, both included: the time of a plan, such as 2024—2026年."""

    first: int
    last: int

    def __post_init__(self) -> None:
        if not FIRST_YEAR <= self.first <= self.last <= LAST_YEAR:
            raise InvalidValue(f"{self.first}—{self.last}", "先早后晚的两个年份", "例如 2024—2026年", "规划期")

    @classmethod
    def parse(cls, text: str) -> YearSpan:
        """Return the span in `text`: 2024-2026, 2024—2026年, 2024年至2026年, or one year alone."""
        match = re.fullmatch(r"(\d{4})年?(?:-(\d{4})年?)?", _clean(text))
        if match is None:
            raise InvalidValue(text, "起止年份", "例如 2024—2026年", "规划期")
        return cls(int(match[1]), int(match[2] or match[1]))

    def __str__(self) -> str:
        return f"{self.first}-{self.last}"

    def __len__(self) -> int:
        return self.last - self.first + 1

    def __iter__(self) -> Iterator[Period]:
        return iter(self.periods(PeriodKind.YEAR))

    @property
    def label(self) -> str:
        """The span in Chinese: 2024—2026年."""
        return f"{self.first}年" if self.first == self.last else f"{self.first}—{self.last}年"

    @property
    def start(self) -> date:
        """The first day."""
        return date(self.first, 1, 1)

    @property
    def end(self) -> date:
        """The last day."""
        return date(self.last, 12, 31)

    def contains(self, other: YearSpan | Period | date) -> bool:
        """Whether a day, a whole period or a whole other span lies in this one."""
        first, last = (other, other) if isinstance(other, date) else (other.start, other.end)
        return self.start <= first and last <= self.end

    def periods(self, kind: PeriodKind) -> tuple[Period, ...]:
        """Return all periods of `kind` in the span, in order."""
        years = (Period(PeriodKind.YEAR, year) for year in range(self.first, self.last + 1))
        return tuple(child for year in years for child in year.children(kind))
