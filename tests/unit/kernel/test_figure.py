import pickle
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiandao.kernel import (
    Bound,
    Comparator,
    Coverage,
    Figure,
    FigureKind,
    Freshness,
    InvalidValue,
    Period,
    RowsRef,
    ratio,
    total,
)

YEAR = Period.parse("2024")


def figure(value, **changes):
    base = {
        "name": "先行集聚区",
        "value": value,
        "unit": "家",
        "period": YEAR,
        "kind": FigureKind.COUNTED,
        "as_of": date(2024, 12, 31),
    }
    return Figure(**{**base, **changes})


def test_unknown_is_not_zero():
    assert figure(None).is_unknown
    assert not figure(0).is_unknown
    assert figure(None).text() == "尚无数据"
    assert figure(0).text() == "0家"


@pytest.mark.parametrize("value", [0.1, True, "1", Decimal("NaN"), Decimal("Infinity")])
def test_floats_and_the_like_are_no_figures(value):
    with pytest.raises(InvalidValue, match="数“"):
        figure(value)


def test_print_keeps_published_words_and_marks_bounds():
    bound = Bound(Comparator.LT, 1700, "近1700家")
    assert figure(1700, bound=bound, wording="近1700家", kind=FigureKind.PUBLISHED).text() == "近1700家"
    assert figure(1700, bound=bound).text() == "<1,700家"
    assert figure(Decimal("5000.50"), unit="亿元").text() == "5,000.50亿元"
    assert figure(12000).text() == "12,000家"
    assert bound.allows(1699)
    assert not bound.allows(1700)


@pytest.mark.parametrize("interval", [(2, 1), (11, 20), (0.5, 20)])
def test_an_interval_holds_its_value(interval):
    with pytest.raises(InvalidValue):
        figure(10, interval=interval)


def test_freshness():
    fresh = Freshness(datetime(2024, 12, 31, 23, 0, tzinfo=UTC), promised_days=30)
    assert fresh.age(date(2025, 1, 30)) == 30
    assert not fresh.stale(date(2025, 1, 30))
    assert fresh.stale(date(2025, 1, 31))
    assert not Freshness(date(2000, 1, 1)).stale(date(2025, 1, 1))
    assert figure(1, promised_days=5).freshness == Freshness(date(2024, 12, 31), 5)


@pytest.mark.parametrize(
    ("comparator", "value", "holds"),
    [
        (Comparator.EQ, 100, True),
        (Comparator.GE, 100, True),
        (Comparator.GE, 99, False),
        (Comparator.LE, 101, False),
        (Comparator.LT, 100, False),
        (Comparator.GT, Decimal("100.1"), True),
        (Comparator.APPROX, 100, None),
        (Comparator.GE, None, None),
    ],
)
def test_comparators(comparator, value, holds):
    assert comparator.holds(value, 100) is holds


def test_about_needs_a_tolerance():
    assert Comparator.APPROX.holds(95, 100, tolerance=Decimal("0.05")) is True
    assert Comparator.APPROX.holds(94, 100, tolerance=Decimal("0.05")) is False
    assert [c.value for c in Comparator] == ["=", "≥", "≤", "≈", "<", ">"]
    assert Comparator("≥").label == "不少于"


def test_rows_reference_is_a_query_string_and_back():
    ref = RowsRef("ledger.entries", {"kind": "先行集聚区", "city": "320100", "note": "a&b=c"}, 12)
    assert ref.to_query().startswith("_source=ledger.entries&city=320100&kind=")
    assert RowsRef.from_query(ref.to_query()) == ref
    assert list(ref.filters) == ["city", "kind", "note"]
    assert RowsRef.from_query("_source=a").count is None
    assert hash(ref) == hash(RowsRef.from_query(ref.to_query()))


@pytest.mark.parametrize("query", ["", "kind=x", "_source=a&b=1&b=2", "_source=a&_count=-1", "_source=a&_other=1"])
def test_bad_query_strings_are_refused(query):
    with pytest.raises(InvalidValue):
        RowsRef.from_query(query)


def test_a_rows_reference_keeps_its_own_copy_of_the_filters():
    filters = {"city": "320100"}
    ref = RowsRef("a", filters)
    filters["city"] = "320200"
    assert ref.filters == {"city": "320100"}


def test_total_of_known_figures():
    rows = [RowsRef("ledger.entries", {"city": code}, 1) for code in ("320100", "320200")]
    result = total([figure(3, rows=rows[0]), figure(4, rows=rows[1], as_of=date(2024, 6, 30))], name="全省合计")
    assert (result.name, result.value, result.unit, result.period) == ("全省合计", 7, "家", YEAR)
    assert result.as_of == date(2024, 6, 30)
    assert result.coverage == Coverage(2, 2)
    assert list(result.lineage()) == rows
    assert total([figure(3)], rows=RowsRef("all")).rows == RowsRef("all")


def test_one_unknown_makes_the_total_unknown_unless_the_known_are_asked_for():
    parts = [figure(3), figure(None, kind=FigureKind.ESTIMATED), figure(4)]
    assert total(parts).is_unknown
    known = total(parts, known_only=True)
    assert known.value == 7
    assert known.kind is FigureKind.COUNTED
    assert not known.coverage.complete
    assert known.coverage.label == "已知2项，共3项"
    assert total([figure(None)], known_only=True).is_unknown
    assert total([figure(0), figure(0)]).value == 0


@pytest.mark.parametrize(
    ("kinds", "weakest"),
    [
        ([FigureKind.COUNTED, FigureKind.VERIFIED], FigureKind.VERIFIED),
        ([FigureKind.SELF_REPORTED, FigureKind.VERIFIED], FigureKind.SELF_REPORTED),
        ([FigureKind.PUBLISHED, FigureKind.SELF_REPORTED], FigureKind.PUBLISHED),
        ([FigureKind.COUNTED, FigureKind.ESTIMATED], FigureKind.ESTIMATED),
    ],
)
def test_a_total_is_as_weak_as_its_weakest_part(kinds, weakest):
    assert total(figure(1, kind=kind) for kind in kinds).kind is weakest


def test_units_must_match_and_periods_are_kept_only_if_shared():
    with pytest.raises(InvalidValue, match="亿元、家"):
        total([figure(1), figure(1, unit="亿元")])
    with pytest.raises(InvalidValue, match="至少一个数"):
        total([])
    assert total([figure(1), figure(1, period=Period.parse("2023"))]).period is None


@pytest.mark.parametrize(
    ("signs", "expected"),
    [
        (["<", None], "<"),
        (["≥", "≥"], "≥"),
        ([">", "≥"], ">"),
        (["<", ">"], "≈"),
        (["≈", "<"], "≈"),
        (["=", None], None),
    ],
)
def test_bounds_survive_addition(signs, expected):
    bounds = [Bound(Comparator(sign), 10) if sign else None for sign in signs]
    result = total(figure(10, bound=bound) for bound in bounds)
    assert result.bound == (Bound(Comparator(expected), 20) if expected else None)


def test_intervals_add_end_to_end_and_promises_take_the_shortest():
    result = total([figure(10, interval=(8, 13), promised_days=30), figure(5, promised_days=7), figure(1)])
    assert result.interval == (14, 19)
    assert result.promised_days == 7
    assert total([figure(10), figure(5)]).interval is None
    assert total([figure(10, interval=(8, 13)), figure(None)]).interval is None


def test_ratio():
    assert ratio(figure(1), figure(4)) == Decimal("0.25")
    assert ratio(figure(Decimal("1.5")), figure(3)) == Decimal("0.5")
    assert ratio(figure(0), figure(4)) == 0
    assert ratio(figure(1), figure(0)) is None
    assert ratio(figure(None), figure(4)) is None
    assert ratio(figure(1), figure(None)) is None


def test_figures_survive_a_cache():
    original = total([figure(3, rows=RowsRef("a", {"city": "320100"})), figure(None)], known_only=True)
    assert pickle.loads(pickle.dumps(original)) == original  # noqa: S301 — our own bytes


def test_kinds_have_chinese_labels():
    assert [kind.label for kind in FigureKind] == ["逐条计数", "核实报表", "自行填报", "公开发布", "估算"]


@given(st.lists(st.one_of(st.none(), st.integers(-1000, 1000)), min_size=1, max_size=20))
def test_totals_count_what_they_know(values):
    known = [v for v in values if v is not None]
    parts = [figure(v) for v in values]
    assert total(parts).value == (sum(known) if len(known) == len(values) else None)
    assert total(parts, known_only=True).value == (sum(known) if known else None)
    assert total(parts).coverage == Coverage(len(known), len(values))
