"""Which days are working days in China: weekends, holidays and make-up working days of the State Council's notices."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

from chinese_calendar import constants as published

from .errors import InvalidValue

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5
_DECEMBER = 12
_MOVABLE_FROM = 29
"""First day of December a notice for the next year has ever moved, 2005–2026 (29 December 2007 and 2018)."""

LIBRARY_YEARS = frozenset(day.year for day in published.holidays)
"""Years whose notices the installed `chinesecalendar` carries."""


class DayStatus(NamedTuple):
    """Whether a day is worked, and whether that is provisional because its notice is not out (or not loaded) yet."""

    working: bool
    provisional: bool


def only_date(day: date) -> date:
    """Return `day`; raises `InvalidValue` for a datetime, whose date depends on a time zone, and for anything else."""
    if not isinstance(day, date) or isinstance(day, datetime):
        raise InvalidValue(day, "日期（不带时刻）", "请先换算到北京时间再取日期", "日期")
    return day


@dataclass(frozen=True, slots=True)
class HolidayNotice:
    """The State Council's yearly notice on holidays (国务院办公厅关于某年部分节假日安排的通知), as a pack carries it.

    `holidays`: every day off, moved rest days and weekends within them included or not; `make_up_days`: the weekend
    days worked instead (调休上班). Both may reach into the December before. `source`: title and number of the notice.
    Raises `InvalidValue` for days of other years, days in both lists, and make-up days that are no weekend.
    """

    year: int
    holidays: frozenset[date]
    make_up_days: frozenset[date] = frozenset()
    source: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "holidays", frozenset(map(only_date, self.holidays)))
        object.__setattr__(self, "make_up_days", frozenset(map(only_date, self.make_up_days)))
        what = f"{self.year}年节假日安排"
        if not any(day.year == self.year for day in self.holidays):
            raise InvalidValue(len(self.holidays), "列有当年放假日期的通知", "没有通知时不要登记该年", what)
        for day in sorted(self.holidays | self.make_up_days):
            if day.year != self.year and (day.year, day.month) != (self.year - 1, _DECEMBER):
                raise InvalidValue(day, f"{self.year}年或上一年12月的日期", "请核对年份", what)
            if day in self.make_up_days and day.weekday() < _SATURDAY:
                raise InvalidValue(day, "周六或周日的调休上班日", "请核对日期", what)
            if day in self.holidays and day in self.make_up_days:
                raise InvalidValue(day, "只在放假或上班一边的日期", "请核对通知原文", what)


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Working days by the notices the library carries and by `extra_notices`, which take precedence for their year.

    A year without notice is counted by weekends and its answers are provisional; so are the last days of December
    while the next year's notice, which may move them, is missing. Raises `InvalidValue` for two notices of one year.
    """

    extra_notices: tuple[HolidayNotice, ...] = ()
    _off: frozenset[date] = field(init=False, repr=False, compare=False)
    _made_up: frozenset[date] = field(init=False, repr=False, compare=False)
    known_years: frozenset[int] = field(init=False, repr=False, compare=False)

    def __init__(self, extra_notices: Iterable[HolidayNotice] = ()) -> None:
        notices = tuple(sorted(extra_notices, key=lambda notice: notice.year))
        years = [notice.year for notice in notices]
        for year in years:
            if years.count(year) > 1:
                raise InvalidValue(year, "每年一份节假日安排", "请合并为一份，或只留现行的", "节假日安排")
        off = {day for day in published.holidays if _notice_year(day) not in years}
        made_up = {day for day in published.workdays if _notice_year(day) not in years}
        for notice in notices:
            off = (off | notice.holidays) - notice.make_up_days
            made_up = (made_up | notice.make_up_days) - notice.holidays
        object.__setattr__(self, "extra_notices", notices)
        object.__setattr__(self, "_off", frozenset(off))
        object.__setattr__(self, "_made_up", frozenset(made_up))
        object.__setattr__(self, "known_years", LIBRARY_YEARS | frozenset(years))

    def is_working(self, day: date) -> DayStatus:
        """Return `(working, provisional)` for one day."""
        only_date(day)
        known = day.year in self.known_years
        if known and day.month == _DECEMBER and day.day >= _MOVABLE_FROM:
            known = day.year + 1 in self.known_years
        if day in self._made_up:
            return DayStatus(working=True, provisional=False)
        if day in self._off:
            return DayStatus(working=False, provisional=False)
        return DayStatus(working=day.weekday() < _SATURDAY, provisional=not known)

    def next_working(self, day: date) -> tuple[date, bool]:
        """Return the first working day on or after `day`, and whether any day looked at was provisional."""
        provisional = False
        while True:
            status = self.is_working(day)
            provisional = provisional or status.provisional
            if status.working:
                return day, provisional
            day += _ONE_DAY

    def working_days(self, first: date, last: date) -> tuple[int, bool]:
        """Return how many working days lie from `first` to `last`, both included, and whether any is provisional."""
        days = [self.is_working(first + _ONE_DAY * i) for i in range((last - first).days + 1)]
        return sum(day.working for day in days), any(day.provisional for day in days)


def _notice_year(day: date) -> int:
    """Return the year whose notice moved `day`: the last days of December belong to the next year's notice."""
    return day.year + (day.month == _DECEMBER and day.day >= _MOVABLE_FROM)
