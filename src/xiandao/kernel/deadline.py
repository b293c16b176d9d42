"""Time limits (时限): natural days, working days or months, with pauses, one extension, and what silence means."""

from __future__ import annotations

import calendar as gregorian
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from .calendar import WorkCalendar, only_date
from .errors import InvalidValue, Refused

_ONE_DAY = timedelta(days=1)
_LONGEST = 10_000
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
    """Which day is day one: the day after the event (民法典 art. 201), or the day itself where a text says so."""

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
    (民法典 art. 202). `source`: document and article. Raises `InvalidValue` for counts outside 1–10,000.
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
            if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= _LONGEST:
                raise InvalidValue(count, f"1—{_LONGEST}的整数", "不许延长时请留空", _WHAT)

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


@dataclass(frozen=True, slots=True)
class DeadlineClock:
    """One running time limit. Every change returns a new clock.

    The due date is computed from clock and calendar alone, so it is right again as soon as a missing holiday notice
    arrives. Raises `InvalidValue` for pauses before the start, overlapping, out of order, or open before the last.
    """

    rule: DeadlineRule
    started_on: date
    pauses: tuple[Pause, ...] = ()
    extension: Extension | None = None
    met_on: date | None = None

    def __post_init__(self) -> None:
        earliest = only_date(self.started_on)
        for i, pause in enumerate(self.pauses):
            if pause.start < earliest:
                raise InvalidValue(pause.start, f"不早于 {earliest} 的中止日", "请按先后列出互不重叠的中止", _WHAT)
            if pause.end is None and i + 1 < len(self.pauses):
                raise InvalidValue(pause.start, "已恢复的中止", "只有最后一次中止可以没有恢复日", _WHAT)
            earliest = pause.end or earliest

    # --- changes -------------------------------------------------------------------------------------------------

    def paused(self, on: date, reason: str = "") -> DeadlineClock:
        """Return the clock stopped from `on` (that day no longer counts); refused if met or already stopped."""
        self._refuse_if_met("中止计时")
        if self.open_pause is not None:
            raise Refused("中止计时", f"自 {self.open_pause.start} 起已在中止", "先恢复，再中止", _WHAT)
        return replace(self, pauses=(*self.pauses, Pause(on, None, reason)))

    def resumed(self, on: date) -> DeadlineClock:
        """Return the clock running again from `on` (that day counts); refused if it is not stopped."""
        if self.open_pause is None:
            raise Refused("恢复计时", "现在并未中止", "请先登记中止", _WHAT)
        return replace(self, pauses=(*self.pauses[:-1], replace(self.open_pause, end=on)))

    def extended(
        self, by: int, reason: str, approver: str, *, on: date | None = None, calendar: WorkCalendar | None = None
    ) -> DeadlineClock:
        """Return the clock with its one extension of `by` units; reason and approver are recorded.

        Refused a second time, if the rule allows none or less, without reason or approver, once met, and, where `on`
        and `calendar` are given, once the time has run out.
        """
        self._refuse_if_met("延长")
        allowed = self.rule.extension_days
        if self.extension is not None:
            raise Refused("再次延长", f"只能延长一次，已延长{self.extension.by}{self.rule.unit.label}", what=_WHAT)
        if allowed is None:
            raise Refused("延长", f"规定未设延长（{self.rule.source or self.rule.label}）", what=_WHAT)
        if isinstance(by, bool) or not isinstance(by, int) or not 1 <= by <= allowed:
            raise InvalidValue(by, f"1—{allowed}{self.rule.unit.label}", "请按规定的上限延长", "延长")
        if not reason.strip() or not approver.strip():
            raise Refused("延长", "缺少理由或批准人", "请写明延长理由和批准人", _WHAT)
        if on is not None and calendar is not None:
            last = self.due(calendar).date
            if last is not None and only_date(on) > last:
                raise Refused("延长", f"已于 {last} 届满", "逾期后不能再延长", _WHAT)
        return replace(self, extension=Extension(by, reason, approver, on))

    def met(self, on: date) -> DeadlineClock:
        """Return the clock stopped for good because the thing was done on `on`; refused if already met."""
        self._refuse_if_met("再次办结")
        if only_date(on) < self.started_on:
            raise InvalidValue(on, f"不早于起算日 {self.started_on} 的办结日", what=_WHAT)
        return replace(self, met_on=on)

    def _refuse_if_met(self, what: str) -> None:
        if self.met_on is not None:
            raise Refused(what, f"已于 {self.met_on} 办结", what=_WHAT)

    # --- readings ------------------------------------------------------------------------------------------------

    @property
    def open_pause(self) -> Pause | None:
        """The pause that has no end yet, if any."""
        return self.pauses[-1] if self.pauses and self.pauses[-1].end is None else None

    def due(self, calendar: WorkCalendar) -> Due:
        """Return the last day in time under `calendar`; `Due(None, True)` while an open pause leaves it undetermined.

        Provisional if any day consulted belongs to a year whose holiday notice the calendar lacks.
        """
        day = self.started_on - (_ONE_DAY if self.rule.starts is CountFrom.SAME_DAY else timedelta())
        left, provisional = self._units(), False
        while left:
            day += _ONE_DAY
            counts, unsure = self._counts(day, calendar)
            if counts is None:
                return Due(None, provisional=True)
            left, provisional = left - counts, provisional or unsure
        while self.rule.rolls:
            status = calendar.is_working(day)
            pause = self._pause_on(day)
            provisional = provisional or status.provisional
            if pause is not None and pause.end is None:
                return Due(None, provisional=True)
            if status.working and pause is None:
                break
            day += _ONE_DAY
        return Due(day, provisional)

    def remaining(self, today: date, calendar: WorkCalendar) -> int:
        """Return the units left after `today` (0: due today; negative: overdue by so many), in days of the rule's unit.

        Limits in months count natural days. A clock still paused keeps what it had left when it stopped.
        """
        open_pause = self.open_pause
        if open_pause is not None:  # read as if the clock resumed tomorrow: what was left when it stopped is still left
            resumed = self.resumed(max(only_date(today) + _ONE_DAY, open_pause.start))
            return resumed.remaining(today, calendar)
        last = self.due(calendar).date or today
        sign, first, end = (1, today, last) if only_date(today) <= last else (-1, last, today)
        days = (first + _ONE_DAY * i for i in range(1, (end - first).days + 1))
        return sign * sum(self._counts(day, calendar)[0] or 0 for day in days)

    def status(self, today: date, calendar: WorkCalendar) -> DeadlineStatus:
        """Return where the clock stands at the end of `today`; on the due day itself it is still running."""
        if self.met_on is not None and self.met_on <= only_date(today):
            return DeadlineStatus.MET
        last = self.due(calendar).date
        if last is not None and today > last:
            return DeadlineStatus.OVERDUE
        return DeadlineStatus.PAUSED if self._pause_on(today) else DeadlineStatus.RUNNING

    def met_in_time(self, calendar: WorkCalendar) -> bool | None:
        """Return whether the thing was done by the due date; None if it is not done yet."""
        if self.met_on is None:
            return None
        last = self.due(calendar).date
        return last is None or self.met_on <= last

    def silence_effect(self, today: date, calendar: WorkCalendar) -> SilenceMeans | None:
        """Return what the rule reads into silence once the time has run out unmet; None before, or if nothing."""
        overdue = self.status(today, calendar) is DeadlineStatus.OVERDUE
        return self.rule.silence if overdue and self.rule.silence is not SilenceMeans.NONE else None

    # --- counting ------------------------------------------------------------------------------------------------

    def _units(self) -> int:
        """Return how many days are to be counted, the extension included; months turned into days (art. 202)."""
        units = self.rule.days + (self.extension.by if self.extension else 0)
        if self.rule.unit is not DayUnit.MONTH:
            return units
        return (_months_later(self.started_on, units) - self.started_on).days

    def _pause_on(self, day: date) -> Pause | None:
        return next((pause for pause in self.pauses if pause.covers(day)), None)

    def _counts(self, day: date, calendar: WorkCalendar) -> tuple[bool | None, bool]:
        """Return whether `day` counts (None: a pause without end has begun) and whether that is provisional."""
        pause = self._pause_on(day)
        if pause is not None:
            return (None if pause.end is None else False), False
        if self.rule.unit is DayUnit.WORKING:
            return calendar.is_working(day)
        return True, False


def _months_later(day: date, months: int) -> date:
    """Return the same day `months` later, or the last day of a month that is too short (民法典 art. 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, gregorian.monthrange(year, month + 1)[1]))
