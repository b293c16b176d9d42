from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiandao.kernel import InvalidValue, Period, PeriodKind, YearSpan

kinds = st.sampled_from(PeriodKind)
periods = st.builds(
    lambda kind, year, n: Period(kind, year, n % kind.per_year + 1), kinds, st.integers(1950, 2150), st.integers(0, 11)
)
days = st.dates(date(1950, 1, 1), date(2150, 12, 31))


@pytest.mark.parametrize(
    ("code", "label", "start", "end"),
    [
        ("2024", "2024年", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024H1", "2024年上半年", date(2024, 1, 1), date(2024, 6, 30)),
        ("2024H2", "2024年下半年", date(2024, 7, 1), date(2024, 12, 31)),
        ("2024Q3", "2024年三季度", date(2024, 7, 1), date(2024, 9, 30)),
        ("2024-02", "2024年2月", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023-12", "2023年12月", date(2023, 12, 1), date(2023, 12, 31)),
    ],
)
def test_code_label_and_days(code, label, start, end):
    period = Period.parse(code)
    assert Period.parse(label) == period
    assert (str(period), period.label, period.start, period.end) == (code, label, start, end)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("２０２４年度", "2024"),
        ("2024 年 第3季度", "2024Q3"),
        ("2024年第四季度", "2024Q4"),
        ("2024q1", "2024Q1"),
        ("2024-Q2", "2024Q2"),
        ("202407", "2024-07"),
        ("2024—7", "2024-07"),
        ("2024年07月份", "2024-07"),
    ],
)
def test_other_ways_of_writing(text, code):
    assert str(Period.parse(text)) == code


@pytest.mark.parametrize(
    "text", ["", "24", "2024Q5", "2024-13", "2024-00", "2024H3", "2024-07-01", "1024", "去年", None]
)
def test_what_is_no_period_is_refused(text):
    with pytest.raises(InvalidValue):
        Period.parse(text)


def test_arithmetic_crosses_the_year():
    assert Period.parse("2024Q4").next() == Period.parse("2025Q1")
    assert Period.parse("2024-01").previous() == Period.parse("2023-12")
    assert Period.parse("2024-11") + 14 == Period.parse("2026-01")
    assert Period.parse("2024H1") - 3 == Period.parse("2022H2")
    assert Period.parse("2024Q3").last_year() == Period.parse("2023Q3")
    with pytest.raises(InvalidValue, match="1900—2199"):
        Period.parse("2199") + 1
    with pytest.raises(TypeError):
        Period.parse("2024") + 0.5


def test_range_distance_and_mixed_kinds():
    first, last = Period.parse("2023Q3"), Period.parse("2024Q2")
    assert [str(p) for p in Period.range(first, last)] == ["2023Q3", "2023Q4", "2024Q1", "2024Q2"]
    assert list(Period.range(last, first)) == []
    with pytest.raises(InvalidValue, match="季度"):
        first.distance(Period.parse("2024"))


def test_children_and_year_to_date():
    assert [str(p) for p in Period.parse("2024H2").children(PeriodKind.QUARTER)] == ["2024Q3", "2024Q4"]
    assert len(Period.parse("2024").children(PeriodKind.MONTH)) == 12
    assert [str(p) for p in Period.parse("2024Q3").year_to_date()] == ["2024Q1", "2024Q2", "2024Q3"]
    with pytest.raises(InvalidValue, match="不长于月度"):
        Period.parse("2024-05").children(PeriodKind.QUARTER)


@pytest.mark.parametrize(
    ("code", "label"),
    [
        ("2024Q1", "2024年一季度"),
        ("2024Q2", "2024年上半年"),
        ("2024Q3", "2024年前三季度"),
        ("2024Q4", "2024年"),
        ("2024-01", "2024年1月"),
        ("2024-07", "2024年1—7月"),
        ("2024H1", "2024年上半年"),
        ("2024", "2024年"),
    ],
)
def test_cumulative_label(code, label):
    assert Period.parse(code).cumulative_label == label


def test_order_is_by_first_day_then_the_longer_first():
    codes = ["2024-02", "2024Q2", "2024", "2024-01", "2023-12", "2024H1", "2024Q1"]
    ordered = ["2023-12", "2024", "2024H1", "2024Q1", "2024-01", "2024-02", "2024Q2"]
    assert [str(p) for p in sorted(map(Period.parse, codes))] == ordered


@given(periods, st.integers(-40, 40))
def test_adding_and_subtracting_are_inverse(period, n):
    assert (period + n) - n == period
    assert period.distance(period + n) == n


@given(periods)
def test_print_and_parse_are_inverse(period):
    assert Period.parse(str(period)) == period
    assert Period.parse(period.label) == period


@given(periods)
def test_the_next_period_starts_the_day_after_this_ends(period):
    assert period.next().start == period.end + timedelta(days=1)
    assert period.next().previous() == period


@given(days, kinds)
def test_the_covering_period_contains_the_day(day, kind):
    period = Period.covering(day, kind)
    assert period.kind is kind
    assert period.contains(day)
    assert not period.next().contains(day)


@given(periods, kinds)
def test_children_tile_their_parent(period, kind):
    if kind.months > period.kind.months:
        with pytest.raises(InvalidValue):
            period.children(kind)
        return
    children = period.children(kind)
    assert (children[0].start, children[-1].end) == (period.start, period.end)
    assert all(a.next() == b for a, b in pairwise(children))
    assert all(period.contains(child) for child in children)


@pytest.mark.parametrize("text", ["2024-2026", "2024—2026年", "2024年至2026年", "２０２４－２０２６年"])
def test_year_span_is_read_in_its_usual_forms(text):
    span = YearSpan.parse(text)
    assert (span, str(span), span.label, len(span)) == (YearSpan(2024, 2026), "2024-2026", "2024—2026年", 3)
    assert (span.start, span.end) == (date(2024, 1, 1), date(2026, 12, 31))


def test_year_span_contains_and_iterates():
    span = YearSpan(2024, 2026)
    assert [str(p) for p in span] == ["2024", "2025", "2026"]
    assert len(span.periods(PeriodKind.QUARTER)) == 12
    assert span.contains(date(2026, 12, 31))
    assert span.contains(Period.parse("2025Q2"))
    assert span.contains(YearSpan(2025, 2026))
    assert not span.contains(Period.parse("2027-01"))
    assert YearSpan.parse("2025年").label == "2025年"


@pytest.mark.parametrize("text", ["2026-2024", "2024-07", "十四五", "", None])
def test_bad_year_spans_are_refused(text):
    with pytest.raises(InvalidValue):
        YearSpan.parse(text)


@pytest.mark.parametrize(("kind", "number"), [(PeriodKind.YEAR, 2), (PeriodKind.MONTH, 0), (PeriodKind.QUARTER, 5)])
def test_numbers_a_year_does_not_have_are_refused(kind, number):
    with pytest.raises(InvalidValue, match="序号"):
        Period(kind, 2024, number)
