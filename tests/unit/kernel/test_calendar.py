from datetime import date, datetime, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiandao.kernel import DayStatus, HolidayNotice, InvalidValue, WorkCalendar
from xiandao.kernel.calendar import LIBRARY_YEARS

CALENDAR = WorkCalendar()
NEW_YEAR_2027 = frozenset({date(2027, 1, 1), date(2027, 1, 2), date(2027, 1, 3)})
NOTICE_2027 = HolidayNotice(2027, NEW_YEAR_2027, frozenset({date(2027, 1, 9)}), "invented for this test")


def _working(day, calendar=CALENDAR):
    return calendar.is_working(day)


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2024, 2, 4), True),  # Sunday worked before the Spring Festival
        (date(2024, 2, 18), True),  # Sunday worked after it
        (date(2024, 2, 9), True),  # the eve was no holiday in 2024
        (date(2024, 2, 12), False),
        (date(2025, 1, 26), True),
        (date(2025, 9, 28), True),
        (date(2025, 10, 8), False),
        (date(2025, 10, 11), True),
        (date(2026, 2, 14), True),
        (date(2026, 2, 16), False),
        (date(2024, 3, 2), False),
        (date(2024, 3, 4), True),
    ],
)
def test_days_of_published_years(day, working):
    assert _working(day) == DayStatus(working=working, provisional=False)


def test_every_published_day_agrees_with_the_library():
    day = date(min(LIBRARY_YEARS), 1, 1)
    while day.year in LIBRARY_YEARS:
        assert _working(day).working == chinese_calendar.is_workday(day)
        day += timedelta(days=1)


def test_a_year_without_notice_goes_by_weekends_provisionally():
    assert _working(date(2027, 1, 1)) == DayStatus(working=True, provisional=True)  # a Friday
    assert _working(date(2027, 1, 2)) == DayStatus(working=False, provisional=True)


def test_the_last_days_of_december_wait_for_the_next_notice():
    assert _working(date(2026, 12, 28)) == DayStatus(working=True, provisional=False)
    assert _working(date(2026, 12, 31)) == DayStatus(working=True, provisional=True)
    assert _working(date(2025, 12, 31)) == DayStatus(working=True, provisional=False)
    assert _working(date(2018, 12, 31)) == DayStatus(working=False, provisional=False)  # moved by the notice for 2019


def test_a_pack_can_carry_the_notice():
    calendar = WorkCalendar([NOTICE_2027])
    assert 2027 in calendar.known_years
    assert _working(date(2027, 1, 1), calendar) == DayStatus(working=False, provisional=False)
    assert _working(date(2027, 1, 9), calendar) == DayStatus(working=True, provisional=False)
    assert _working(date(2027, 1, 4), calendar) == DayStatus(working=True, provisional=False)
    assert _working(date(2026, 12, 31), calendar) == DayStatus(working=True, provisional=False)


def test_a_notice_may_reach_into_the_december_before():
    holidays = frozenset({date(2026, 12, 31), date(2027, 1, 1)})
    calendar = WorkCalendar([HolidayNotice(2027, holidays, frozenset({date(2026, 12, 27)}))])
    assert _working(date(2026, 12, 31), calendar) == DayStatus(working=False, provisional=False)
    assert _working(date(2026, 12, 27), calendar) == DayStatus(working=True, provisional=False)


def test_december_is_provisional_if_its_own_notice_is_missing():
    calendar = WorkCalendar([HolidayNotice(2028, frozenset({date(2028, 1, 1)}))])
    assert _working(date(2027, 12, 31), calendar) == DayStatus(working=True, provisional=True)


def test_the_later_notice_wins_where_two_speak_of_one_december_day():
    earlier = HolidayNotice(2026, frozenset({date(2026, 1, 1), date(2026, 12, 27)}))
    later = HolidayNotice(2027, frozenset({date(2027, 1, 1)}), frozenset({date(2026, 12, 27)}))
    assert WorkCalendar([later, earlier]).is_working(date(2026, 12, 27)).working
    assert date(2026, 12, 27) in WorkCalendar([later, earlier])._made_up
    assert date(2026, 12, 27) not in WorkCalendar([later, earlier])._off


def test_a_notice_of_the_pack_replaces_the_librarys_for_its_year_only():
    calendar = WorkCalendar([HolidayNotice(2024, frozenset({date(2024, 3, 4)}))])
    assert not _working(date(2024, 3, 4), calendar).working
    assert not _working(date(2024, 2, 4), calendar).working  # the library's make-up day is gone with its notice
    assert _working(date(2025, 1, 26), calendar).working
    assert not _working(date(2024, 12, 29), calendar).working


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        ((2027, frozenset()), "列有当年放假日期"),
        ((2027, NEW_YEAR_2027 | {date(2028, 1, 1)}), "2027年或上一年12月"),
        ((2027, NEW_YEAR_2027 | {date(2026, 11, 30)}), "2027年或上一年12月"),
        ((2027, NEW_YEAR_2027, frozenset({date(2027, 1, 4)})), "周六或周日"),
        ((2027, NEW_YEAR_2027, frozenset({date(2027, 1, 2)})), "只在放假或上班一边"),
        ((2027, frozenset({datetime(2027, 1, 1)})), "不带时刻"),  # noqa: DTZ001
    ],
)
def test_wrong_notices_are_refused(arguments, hint):
    with pytest.raises(InvalidValue, match=hint):
        HolidayNotice(*arguments)


def test_two_notices_of_one_year_are_refused():
    with pytest.raises(InvalidValue, match="每年一份"):
        WorkCalendar([NOTICE_2027, NOTICE_2027])


@pytest.mark.parametrize("day", [datetime(2024, 1, 1), "2024-01-01", None])  # noqa: DTZ001
def test_only_plain_dates_are_asked_for(day):
    with pytest.raises(InvalidValue, match="日期"):
        _working(day)


def test_next_working_day():
    assert CALENDAR.next_working(date(2025, 10, 1)) == (date(2025, 10, 9), False)
    assert CALENDAR.next_working(date(2025, 10, 9)) == (date(2025, 10, 9), False)
    assert CALENDAR.next_working(date(2027, 1, 2)) == (date(2027, 1, 4), True)


def test_counting_working_days():
    assert CALENDAR.working_days(date(2025, 9, 25), date(2025, 10, 14)) == (10, False)
    assert CALENDAR.working_days(date(2024, 2, 4), date(2024, 2, 18)) == (7, False)
    assert CALENDAR.working_days(date(2026, 12, 30), date(2027, 1, 4)) == (4, True)
    assert CALENDAR.working_days(date(2024, 1, 2), date(2024, 1, 1)) == (0, False)


def test_calendars_with_the_same_notices_are_equal():
    assert WorkCalendar([NOTICE_2027]) == WorkCalendar((NOTICE_2027,)) != CALENDAR
    assert hash(WorkCalendar([NOTICE_2027])) == hash(WorkCalendar([NOTICE_2027]))


@given(st.dates(date(2004, 1, 1), date(2030, 12, 31)))
def test_the_next_working_day_is_the_first_one(day):
    found, _ = CALENDAR.next_working(day)
    assert CALENDAR.is_working(found).working
    assert CALENDAR.working_days(day, found)[0] == 1
