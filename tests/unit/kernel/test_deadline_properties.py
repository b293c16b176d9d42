from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from xiandao.kernel import DayUnit, DeadlineClock, DeadlineRule, HolidayNotice, Pause, WorkCalendar

CALENDAR = WorkCalendar()
starts = st.dates(date(2006, 1, 1), date(2026, 6, 30))
units = st.sampled_from(DayUnit)
lengths = st.integers(1, 90)


@st.composite
def clocks(draw, unit=None, roll=None):
    rule = DeadlineRule(
        draw(lengths if unit is not DayUnit.MONTH else st.integers(1, 12)),
        unit or draw(units),
        roll_to_working_day=roll,
    )
    start, at, pauses = draw(starts), 0, []
    for gap, length in draw(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 20)), max_size=3)):
        begin = start + timedelta(days=at + gap)
        pauses.append(Pause(begin, begin + timedelta(days=length)))
        at += gap + length
    return DeadlineClock(rule, start, tuple(pauses))


def _slow_due(clock, calendar):
    """Count day by day over explicit sets: the independent implementation for days, not months."""
    paused = {p.start + timedelta(days=i) for p in clock.pauses for i in range((p.end - p.start).days)}
    days = (clock.started_on + timedelta(days=i) for i in range(1, 10_000))
    working = clock.rule.unit is DayUnit.WORKING
    counting = [d for d in (next(days) for _ in range(1500)) if d not in paused]
    if working:
        return [d for d in counting if calendar.is_working(d).working][clock.rule.days - 1]
    last = counting[clock.rule.days - 1]
    if clock.rule.rolls:
        last = next(d for d in counting if d >= last and calendar.is_working(d).working)
    return last


@given(st.one_of(clocks(DayUnit.NATURAL), clocks(DayUnit.WORKING), clocks(DayUnit.NATURAL, roll=False)))
def test_due_agrees_with_plain_counting(clock):
    assert clock.due(CALENDAR).date == _slow_due(clock, CALENDAR)


@given(starts, units, st.integers(1, 60), st.integers(0, 30))
def test_more_days_are_never_due_earlier(start, unit, days, more):
    short = DeadlineClock(DeadlineRule(days, unit), start).due(CALENDAR).date
    assert DeadlineClock(DeadlineRule(days + more, unit), start).due(CALENDAR).date >= short


@given(starts, lengths, st.integers(1, 90), st.integers(0, 60))
def test_a_pause_of_n_days_within_a_natural_limit_shifts_it_by_n(start, days, offset, n):
    rule = DeadlineRule(days, roll_to_working_day=False)
    begin = start + timedelta(days=min(offset, days))
    clock = DeadlineClock(rule, start)
    paused = clock.paused(begin).resumed(begin + timedelta(days=n))
    assert paused.due(CALENDAR).date == clock.due(CALENDAR).date + timedelta(days=n)


@given(starts, lengths, st.integers(1, 60), st.integers(0, 60))
def test_a_pause_of_working_days_is_made_up_day_for_day(start, days, offset, n):
    begin = start + timedelta(days=offset)
    clock = DeadlineClock(DeadlineRule(days, DayUnit.WORKING), start, (Pause(begin, begin + timedelta(days=n)),))
    due = clock.due(CALENDAR).date
    paused, _ = CALENDAR.working_days(begin, min(due, begin + timedelta(days=n - 1)))
    assert CALENDAR.working_days(start + timedelta(days=1), due)[0] == days + paused


@given(clocks(), st.integers(0, 400))
def test_remaining_reaches_zero_on_the_due_day_and_falls_from_there(clock, later):
    due = clock.due(CALENDAR).date
    assert clock.remaining(due, CALENDAR) == 0
    today = clock.started_on + timedelta(days=later)
    assert (clock.remaining(today, CALENDAR) > 0) <= (today < due)
    assert clock.remaining(today, CALENDAR) >= clock.remaining(today + timedelta(days=1), CALENDAR)


@given(clocks(DayUnit.WORKING))
def test_the_remaining_days_begin_with_the_whole_limit(clock):
    assert clock.remaining(clock.started_on, CALENDAR) == clock.rule.days


@given(clocks())
def test_a_last_day_is_a_working_day_and_not_paused(clock):
    due = clock.due(CALENDAR).date
    assert CALENDAR.is_working(due).working
    assert not any(pause.covers(due) for pause in clock.pauses)


@given(st.dates(date(2027, 1, 1), date(2027, 9, 30)), st.integers(1, 40), st.sets(st.integers(0, 364), max_size=20))
def test_a_notice_that_arrives_recomputes_what_was_provisional(start, days, off):
    clock = DeadlineClock(DeadlineRule(days, DayUnit.WORKING), start)
    before = clock.due(CALENDAR)
    holidays = frozenset({date(2027, 1, 1)} | {date(2027, 1, 1) + timedelta(days=i) for i in off})
    known = WorkCalendar([HolidayNotice(2027, holidays)])
    after = clock.due(known)
    assert before.provisional
    assert not after.provisional
    assert after.date >= before.date  # only holidays were added
    assert after.date == _slow_due(clock, known)


@given(clocks(), st.integers(1, 20))
def test_extending_equals_a_longer_limit(clock, by):
    rule = DeadlineRule(clock.rule.days, clock.rule.unit, extension_days=by)
    longer = DeadlineRule(clock.rule.days + by, clock.rule.unit)
    extended = DeadlineClock(rule, clock.started_on, clock.pauses).extended(by, "核查", "负责人")
    assert extended.due(CALENDAR) == DeadlineClock(longer, clock.started_on, clock.pauses).due(CALENDAR)
