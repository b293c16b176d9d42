"""Time limits (时限): natural days, working days or months, with pauses, one extension, and what silence means."""

from __future__ import annotations

import calendar as gregorian
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from .calendar import only_date
from .errors import InvalidValue

_ONE_DAY = timedelta(days=1)
_WHAT = "时限"


class DayUnit(StrEnum):
    """What a time limit is counted in. Only periods marked 工作日 leave holidays out (科技部令第24号 art. 52)."""

    NATURAL = "natural"
    WORKING = "working"
    MONTH = "month"

    @property
    def label(self) -> str:
        """The unit in Chinese."""
        return {"natural": "日", "working": "个工作日", "month": "个月"}[self.value]


class CountFrom(StrEnum):
    """Which day is day one: the day after the event (民法典 art. 201, the rule) or, where a text says so, the day itself."""

    NEXT_DAY = "next_day"
    SAME_DAY = "same_day"


class SilenceMeans(StrEnum):
    """What it means in law when the time runs out and nobody has answered."""

    NONE = "none"
    CONSENT = "consent"
    REFUSAL = "refusal"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """The meaning in Chinese."""
        labels = {"none": "不产生效果", "consent": "视为同意", "refusal": "视为不同意", "withdrawn": "视为撤回"}
        return labels[self.value]


class DeadlineStatus(StrEnum):
    """Where a clock stands on a day."""

    RUNNING = "running"
    PAUSED = "paused"
    OVERDUE = "overdue"
    MET = "met"

    @property
    def label(self) -> str:
        """The state in Chinese."""
        return {"running": "计时中", "paused": "已中止计时", "overdue": "已逾期", "met": "已办结"}[self.value]


@dataclass(frozen=True, slots=True)
class DeadlineRule:
    """A time limit as a document states it; `days` counts natural days, working days or months according to `unit`.

    `extension_days`: the most the one extension may add, in the same unit; None: none allowed.
    `roll_to_working_day`: a last day that is no working day moves to the next one (民法典 art. 203); None means True,
    and working days need no rolling. A month ends on the day of the same number, or on the month's last day
    (民法典 art. 202). `source`: document and article. Raises `InvalidValue` for counts below one.
    """

    days: int
    unit: DayUnit = DayUnit.NATURAL
    starts: CountFrom = CountFrom.NEXT_DAY
    silence: SilenceMeans = SilenceMeans.NONE
    extension_days: int | None = None
    roll_to_working_day: bool | None = None
    source: str = ""

    def __post_init__(self) -> None:
        for count in (self.days, 1 if self.extension_days is None else self.extension_days):
            if isinstance(count, bool) or not isinstance(count, int) or count < 1:
                raise InvalidValue(count, "不小于1的整数", "不许延长时请留空", _WHAT)

    @property
    def rolls(self) -> bool:
        """Whether a last day off moves to the next working day."""
        return self.unit is not DayUnit.WORKING and self.roll_to_working_day is not False

    @property
    def label(self) -> str:
        """The limit in Chinese, such as 20个工作日."""
        return f"{self.days}{self.unit.label}"


@dataclass(frozen=True, slots=True)
class Pause:
    """Days that do not count: from `start` up to, but without, `end`; the day the clock resumes counts again.

    `end` None: still paused. A pause begun and ended on one day costs no day.
    """

    start: date
    end: date | None = None
    reason: str = ""

    def __post_init__(self) -> None:
        only_date(self.start)
        if self.end is not None and only_date(self.end) < self.start:
            raise InvalidValue(self.end, f"不早于中止日 {self.start} 的恢复日", what=_WHAT)

    def covers(self, day: date) -> bool:
        """Whether `day` does not count."""
        return self.start <= day and (self.end is None or day < self.end)


@dataclass(frozen=True, slots=True)
class Extension:
    """The one extension a clock has had: by how many units, why, who approved it, and when if recorded."""

    by: int
    reason: str
    approver: str
    on: date | None = None


class Due(NamedTuple):
    """The last day in time, None while a pause without end leaves it open; `provisional` until all notices are out."""

    date: date | None
    provisional: bool
