from datetime import date, datetime

import pytest

from xiandao.kernel import (
    CountFrom,
    DayUnit,
    DeadlineClock,
    DeadlineRule,
    DeadlineStatus,
    Due,
    HolidayNotice,
    InvalidValue,
    Pause,
    Refused,
    SilenceMeans,
    WorkCalendar,
)

CALENDAR = WorkCalendar()
TEN_WORKING = DeadlineRule(10, DayUnit.WORKING, silence=SilenceMeans.CONSENT, extension_days=5, source="某办法第八条")
TEN_NATURAL = DeadlineRule(10)


def _due(rule, start, *pauses):
    return DeadlineClock(rule, start, pauses).due(CALENDAR)


def test_ten_working_days_across_national_day_2025():
    # 25, 26 Sept, make-up Sunday 28, 29, 30, then 9, 10, make-up Saturday 11, 13, 14 Oct
    assert _due(TEN_WORKING, date(2025, 9, 24)) == Due(date(2025, 10, 14), provisional=False)


def test_natural_days_ending_in_a_holiday_roll_to_the_next_working_day():
    assert _due(TEN_NATURAL, date(2025, 9, 24)) == Due(date(2025, 10, 9), provisional=False)


def test_rolling_can_be_switched_off():
    rule = DeadlineRule(10, roll_to_working_day=False)
    assert _due(rule, date(2025, 9, 24)) == Due(date(2025, 10, 4), provisional=False)
    assert not rule.rolls
    assert not TEN_WORKING.rolls


def test_the_day_of_the_event_is_not_counted_unless_the_rule_says_so():
    assert _due(DeadlineRule(1), date(2024, 3, 4)).date == date(2024, 3, 5)
    assert _due(DeadlineRule(1, starts=CountFrom.SAME_DAY), date(2024, 3, 4)).date == date(2024, 3, 4)
    same_day = DeadlineRule(5, DayUnit.WORKING, starts=CountFrom.SAME_DAY)
    assert _due(same_day, date(2024, 3, 4)).date == date(2024, 3, 8)


@pytest.mark.parametrize(
    ("start", "months", "due"),
    [
        (date(2024, 1, 15), 1, date(2024, 2, 15)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),  # no 31 February: the month's last day
        (date(2024, 5, 31), 6, date(2024, 11, 30)),
        (date(2024, 11, 30), 3, date(2025, 2, 28)),
    ],
)
def test_months_end_on_the_corresponding_day(start, months, due):
    assert _due(DeadlineRule(months, DayUnit.MONTH, roll_to_working_day=False), start).date == due


def test_months_roll_too():
    assert _due(DeadlineRule(6, DayUnit.MONTH), date(2024, 5, 31)).date == date(2024, 12, 2)  # 30 Nov is a Saturday


def test_a_year_without_notice_is_provisional_and_recomputed_when_it_comes():
    clock = DeadlineClock(TEN_WORKING, date(2026, 12, 25))
    assert clock.due(CALENDAR) == Due(date(2027, 1, 8), provisional=True)
    holidays = frozenset({date(2027, 1, 1), date(2027, 1, 2), date(2027, 1, 3), date(2027, 1, 4)})
    known = WorkCalendar([HolidayNotice(2027, holidays, frozenset({date(2027, 1, 9)}))])
    assert clock.due(known) == Due(date(2027, 1, 11), provisional=False)  # 1 and 4 Jan off, Saturday 9 worked


def test_natural_days_are_provisional_only_if_the_last_day_is():
    assert _due(DeadlineRule(10, roll_to_working_day=False), date(2027, 3, 1)).provisional is False
    assert _due(TEN_NATURAL, date(2027, 3, 1)) == Due(date(2027, 3, 11), provisional=True)
    assert _due(DeadlineRule(365), date(2025, 12, 1)) == Due(date(2026, 12, 1), provisional=False)


def test_paused_days_do_not_count_and_the_day_of_resumption_does():
    pause = Pause(date(2024, 3, 6), date(2024, 3, 11), "补正")
    assert _due(TEN_WORKING, date(2024, 3, 4)).date == date(2024, 3, 18)
    assert _due(TEN_WORKING, date(2024, 3, 4), pause).date == date(2024, 3, 21)  # 6, 7, 8 March lost


def test_a_pause_after_the_due_date_changes_nothing():
    pause = Pause(date(2024, 4, 1))
    assert _due(TEN_WORKING, date(2024, 3, 4), pause) == Due(date(2024, 3, 18), provisional=False)


def test_a_pause_while_the_last_day_rolls_delays_it():
    assert _due(TEN_NATURAL, date(2025, 9, 24), Pause(date(2025, 10, 8), date(2025, 10, 10))).date == date(2025, 10, 10)
    assert _due(TEN_NATURAL, date(2025, 9, 24), Pause(date(2025, 10, 8))) == Due(None, provisional=True)


def test_an_open_pause_leaves_the_due_date_open_and_keeps_what_was_left():
    clock = DeadlineClock(TEN_WORKING, date(2024, 3, 4)).paused(date(2024, 3, 6), "专家论证")
    assert clock.due(CALENDAR) == Due(None, provisional=True)
    assert clock.status(date(2024, 3, 20), CALENDAR) is DeadlineStatus.PAUSED
    assert clock.status(date(2024, 3, 5), CALENDAR) is DeadlineStatus.RUNNING
    assert [clock.remaining(day, CALENDAR) for day in (date(2024, 3, 5), date(2024, 3, 8), date(2024, 6, 1))] == [9] * 3
    resumed = clock.resumed(date(2024, 4, 1))
    assert resumed.open_pause is None
    assert resumed.remaining(date(2024, 3, 31), CALENDAR) == 9
    assert resumed.due(CALENDAR).date == date(2024, 4, 12)  # 4–6 April off, Sunday 7 worked


@pytest.mark.parametrize(
    ("today", "remaining", "status"),
    [
        (date(2024, 3, 4), 10, DeadlineStatus.RUNNING),
        (date(2024, 3, 15), 1, DeadlineStatus.RUNNING),
        (date(2024, 3, 18), 0, DeadlineStatus.RUNNING),
        (date(2024, 3, 19), -1, DeadlineStatus.OVERDUE),
        (date(2024, 3, 25), -5, DeadlineStatus.OVERDUE),
    ],
)
def test_remaining_days_and_status(today, remaining, status):
    clock = DeadlineClock(TEN_WORKING, date(2024, 3, 4))
    assert clock.remaining(today, CALENDAR) == remaining
    assert clock.status(today, CALENDAR) is status


def test_silence_speaks_only_once_the_time_has_run_out_unmet():
    clock = DeadlineClock(TEN_WORKING, date(2024, 3, 4))
    assert clock.silence_effect(date(2024, 3, 18), CALENDAR) is None
    assert clock.silence_effect(date(2024, 3, 19), CALENDAR) is SilenceMeans.CONSENT
    assert clock.met(date(2024, 3, 15)).silence_effect(date(2024, 3, 19), CALENDAR) is None
    assert DeadlineClock(TEN_NATURAL, date(2024, 3, 4)).silence_effect(date(2024, 6, 1), CALENDAR) is None


def test_one_extension_moves_the_due_date_and_records_who_and_why():
    clock = DeadlineClock(TEN_WORKING, date(2024, 3, 4))
    longer = clock.extended(5, "需实地核查", "分管负责人", on=date(2024, 3, 18), calendar=CALENDAR)
    assert longer.due(CALENDAR).date == date(2024, 3, 25)
    assert (longer.extension.by, longer.extension.reason, longer.extension.approver) == (5, "需实地核查", "分管负责人")
    assert clock.extension is None


def test_a_second_extension_is_refused():
    clock = DeadlineClock(TEN_WORKING, date(2024, 3, 4)).extended(2, "核查", "负责人")
    with pytest.raises(Refused, match="时限不能再次延长：只能延长一次，已延长2个工作日"):
        clock.extended(1, "再核查", "负责人")


@pytest.mark.parametrize(
    ("rule", "arguments", "hint"),
    [
        (TEN_NATURAL, (1, "核查", "负责人"), "未设延长"),
        (TEN_WORKING, (6, "核查", "负责人"), "1—5个工作日"),
        (TEN_WORKING, (0, "核查", "负责人"), "1—5个工作日"),
        (TEN_WORKING, (True, "核查", "负责人"), "1—5个工作日"),
        (TEN_WORKING, (1, " ", "负责人"), "缺少理由或批准人"),
        (TEN_WORKING, (1, "核查", ""), "缺少理由或批准人"),
    ],
)
def test_extensions_outside_the_rule_are_refused(rule, arguments, hint):
    with pytest.raises(InvalidValue, match=hint):
        DeadlineClock(rule, date(2024, 3, 4)).extended(*arguments)


def test_an_extension_after_expiry_is_refused():
    clock = DeadlineClock(TEN_WORKING, date(2024, 3, 4))
    with pytest.raises(Refused, match="已于 2024-03-18 届满"):
        clock.extended(5, "核查", "负责人", on=date(2024, 3, 19), calendar=CALENDAR)


def test_a_met_clock_stays_met():
    clock = DeadlineClock(TEN_WORKING, date(2024, 3, 4)).met(date(2024, 3, 18))
    assert clock.status(date(2030, 1, 1), CALENDAR) is DeadlineStatus.MET
    assert clock.status(date(2024, 3, 17), CALENDAR) is DeadlineStatus.RUNNING  # as it stood the day before
    assert clock.met_in_time(CALENDAR) is True
    assert DeadlineClock(TEN_WORKING, date(2024, 3, 4)).met(date(2024, 3, 19)).met_in_time(CALENDAR) is False
    assert DeadlineClock(TEN_WORKING, date(2024, 3, 4)).met_in_time(CALENDAR) is None
    for change in (
        lambda c: c.met(date(2024, 3, 20)),
        lambda c: c.paused(date(2024, 3, 20)),
        lambda c: c.extended(1, "a", "b"),
    ):
        with pytest.raises(Refused, match="已于 2024-03-18 办结"):
            change(clock)


def test_pausing_twice_and_resuming_what_runs_are_refused():
    clock = DeadlineClock(TEN_WORKING, date(2024, 3, 4))
    with pytest.raises(Refused, match="并未中止"):
        clock.resumed(date(2024, 3, 5))
    with pytest.raises(Refused, match="自 2024-03-06 起已在中止"):
        clock.paused(date(2024, 3, 6)).paused(date(2024, 3, 7))


@pytest.mark.parametrize(
    "pauses",
    [
        (Pause(date(2024, 3, 1), date(2024, 3, 5)),),
        (Pause(date(2024, 3, 6), date(2024, 3, 10)), Pause(date(2024, 3, 9), date(2024, 3, 12))),
        (Pause(date(2024, 3, 6)), Pause(date(2024, 3, 9))),
    ],
)
def test_pauses_must_follow_one_another(pauses):
    with pytest.raises(InvalidValue, match="中止"):
        DeadlineClock(TEN_WORKING, date(2024, 3, 4), pauses)


@pytest.mark.parametrize(
    "make",
    [
        lambda: DeadlineRule(0),
        lambda: DeadlineRule(10_001),
        lambda: DeadlineRule(10, extension_days=0),
        lambda: DeadlineRule(True),
        lambda: Pause(date(2024, 3, 6), date(2024, 3, 5)),
        lambda: DeadlineClock(TEN_WORKING, datetime(2024, 3, 4)),  # noqa: DTZ001
        lambda: DeadlineClock(TEN_WORKING, date(2024, 3, 4)).met(date(2024, 3, 3)),
    ],
)
def test_bad_parts_are_refused(make):
    with pytest.raises(InvalidValue):
        make()


def test_labels_are_chinese():
    assert TEN_WORKING.label == "10个工作日"
    assert DeadlineRule(3, DayUnit.MONTH).label == "3个月"
    assert SilenceMeans.CONSENT.label == "视为同意"
    assert DeadlineStatus.OVERDUE.label == "已逾期"
