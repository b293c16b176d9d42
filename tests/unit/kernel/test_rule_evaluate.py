from datetime import date, datetime
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiandao.kernel import Field, FieldType, InvalidValue, NullPolicy, Outcome, Rule, compile_rule, evaluate_rules

FIELDS = [
    Field("staff", FieldType.INTEGER),
    Field("revenue", FieldType.DECIMAL),
    Field("cost", FieldType.DECIMAL),
    Field("share", FieldType.NUMBER),
    Field("city", FieldType.TEXT),
    Field("founded", FieldType.DATE),
    Field("listed", FieldType.BOOLEAN),
]
FRAME = pl.DataFrame(
    {
        "staff": [5, None, 50],
        "revenue": [Decimal("100.00"), Decimal("0.00"), None],
        "cost": [Decimal("3.00"), Decimal("3.00"), Decimal("3.00")],
        "share": [0.5, float("nan"), None],
        "city": ["南京", None, "苏州"],
        "founded": [date(2024, 6, 1), None, date(2020, 1, 1)],
        "listed": [True, None, False],
    }
)


def _compile(expression, policy=NullPolicy.UNKNOWN, code="R-1"):
    return compile_rule(Rule(code, expression, policy, "不符合条件", "某办法第三条"), FIELDS)


def _outcomes(expression, policy=NullPolicy.UNKNOWN):
    return _compile(expression, policy).evaluate(FRAME).to_list()


@pytest.mark.parametrize(
    ("expression", "outcomes"),
    [
        ("staff >= 10", ["fail", "unknown", "pass"]),
        ("staff IS NULL", ["fail", "pass", "fail"]),
        ("COALESCE(staff, 0) < 10", ["pass", "pass", "fail"]),
        ("staff > 10 OR listed", ["pass", "unknown", "pass"]),
        ("staff > 10 AND city = '北京'", ["fail", "unknown", "fail"]),
        ("listed AND staff < 0", ["fail", "unknown", "fail"]),
        ("staff < 0 AND revenue > 1", ["fail", "fail", "fail"]),  # false decides, even beside unknown
        ("staff > 0 OR cost > 1", ["pass", "pass", "pass"]),
        ("NOT listed", ["fail", "unknown", "pass"]),
        ("city IN ('南京', '无锡')", ["pass", "unknown", "fail"]),
        ("staff IN (5, NULL)", ["pass", "unknown", "unknown"]),
        ("staff NOT IN (5, NULL)", ["fail", "unknown", "unknown"]),
        ("city LIKE '苏%'", ["fail", "unknown", "pass"]),
        ("staff BETWEEN 5 AND 50", ["pass", "unknown", "pass"]),
        ("staff BETWEEN 50 AND 5", ["fail", "unknown", "fail"]),
        ("founded >= DATE '2024-01-01'", ["pass", "unknown", "fail"]),
        ("EXTRACT(year FROM founded) = 2020", ["fail", "unknown", "pass"]),
        ("cost / NULLIF(revenue, 0) >= 0.03", ["pass", "unknown", "unknown"]),
        ("share > 0.1", ["pass", "unknown", "unknown"]),  # NaN is unknown, not greater than all
        ("staff / 10 = 0.5", ["pass", "unknown", "fail"]),  # whole numbers divide with their fraction
        ("TRY_CAST(city AS BIGINT) > 1", ["unknown", "unknown", "unknown"]),
        ("LENGTH(city) = 2", ["pass", "unknown", "pass"]),
        ("staff IS DISTINCT FROM 5", ["fail", "pass", "pass"]),
        ("revenue > NULL", ["unknown", "unknown", "unknown"]),
    ],
)
def test_three_valued_logic(expression, outcomes):
    assert _outcomes(expression) == outcomes


@pytest.mark.parametrize(
    ("policy", "outcome"),
    [(NullPolicy.UNKNOWN, "unknown"), (NullPolicy.PASSES, "pass"), (NullPolicy.FAILS, "fail")],
)
def test_the_null_policy_decides_what_cannot_be_told(policy, outcome):
    assert _outcomes("staff >= 10", policy) == ["fail", outcome, "pass"]
    assert _compile("staff >= 10", policy).evaluate_one({"staff": None}) == outcome


def test_the_result_is_one_enum_named_after_the_rule():
    result = _compile("staff >= 10", code="R-7").evaluate(FRAME)
    assert result.name == "R-7"
    assert result.dtype == pl.Enum(["pass", "fail", "unknown"])
    assert _compile("staff >= 10").evaluate(FRAME.clear()).len() == 0
    assert [outcome.label for outcome in Outcome] == ["符合", "不符合", "无法判断"]


def test_many_rules_in_one_pass():
    rules = [_compile("staff >= 10", code="A"), _compile("revenue > 1", NullPolicy.FAILS, code="B")]
    result = evaluate_rules(rules, FRAME)
    assert result.to_dict(as_series=False) == {"A": ["fail", "unknown", "pass"], "B": ["pass", "fail", "fail"]}
    with pytest.raises(InvalidValue, match="互不相同"):
        evaluate_rules([rules[0], rules[0]], FRAME)
    other = compile_rule(Rule("C", "staff = 'x'"), [Field("staff", FieldType.TEXT)])
    with pytest.raises(InvalidValue, match="类型一致"):
        evaluate_rules([rules[0], other], FRAME)


def test_columns_of_narrower_or_null_types_are_taken():
    rule = _compile("staff >= 10 AND revenue > 1")
    frame = pl.DataFrame({"staff": [12], "revenue": [2.5]}, schema_overrides={"staff": pl.Int16})
    assert rule.evaluate(frame).to_list() == ["pass"]
    assert rule.evaluate(pl.DataFrame({"staff": [None], "revenue": [2]})).to_list() == ["unknown"]
    assert (
        _compile("city = '南京'").evaluate(FRAME.with_columns(pl.col("city").cast(pl.Categorical))).to_list()[0]
        == "pass"
    )


def test_a_missing_column_is_an_error():
    with pytest.raises(InvalidValue, match="含字段 staff"):
        _compile("staff > 1").evaluate(FRAME.drop("staff"))


@pytest.mark.parametrize(
    ("expression", "column"),
    [
        ("staff > 1", pl.Series("staff", ["5"])),
        ("staff > 1", pl.Series("staff", [5.5])),
        ("city = '南京'", pl.Series("city", [1])),
        ("founded > DATE '2024-01-01'", pl.Series("founded", [datetime(2024, 1, 1)])),  # noqa: DTZ001
        ("listed", pl.Series("listed", [1])),
        ("revenue > 1", pl.Series("revenue", [True])),
    ],
)
def test_a_column_of_another_type_is_an_error(expression, column):
    with pytest.raises(InvalidValue, match="数据列类型"):
        _compile(expression).evaluate(column.to_frame())


def test_numbers_too_large_are_an_error_of_the_data():
    with pytest.raises(InvalidValue, match="过大的数"):
        _compile("revenue > 1").evaluate(pl.DataFrame({"revenue": [float("inf")]}))
    with pytest.raises(InvalidValue, match="过大的数"):
        _compile("revenue * revenue * revenue > 1").evaluate_one({"revenue": Decimal("123456789012.34")})


@pytest.mark.parametrize(
    ("expression", "values", "outcome"),
    [
        ("staff >= 10", {"staff": 10, "other": "ignored"}, "pass"),
        ("revenue > 0.05", {"revenue": Decimal("0.0500000001")}, "pass"),
        ("revenue > 0.05", {"revenue": Decimal("0.05")}, "fail"),
        ("revenue > 1", {"revenue": 2}, "pass"),
        ("revenue * 0.1 = 0.03", {"revenue": Decimal("0.3")}, "pass"),
        ("share < 1", {"share": Decimal("0.5")}, "pass"),
        ("share < 1", {"share": float("nan")}, "unknown"),
        ("city = '南京' OR listed", {"city": None, "listed": True}, "pass"),
        ("founded < DATE '2024-01-01'", {"founded": date(2023, 12, 31)}, "pass"),
    ],
)
def test_one_set_of_values(expression, values, outcome):
    assert _compile(expression).evaluate_one(values) is Outcome(outcome)


@pytest.mark.parametrize(
    ("expression", "values", "hint"),
    [
        ("staff >= 10", {}, "含字段 staff"),
        ("staff >= 10", {"staff": "10"}, "整数（字段 staff）"),
        ("staff >= 10", {"staff": True}, "整数（字段 staff）"),
        ("revenue > 1", {"revenue": 0.5}, "精确小数（字段 revenue）"),
        ("revenue > 1", {"revenue": Decimal("NaN")}, "有限的"),
        ("founded > DATE '2024-01-01'", {"founded": datetime(2024, 1, 1)}, "日期（字段 founded）"),  # noqa: DTZ001
        ("listed", {"listed": 1}, "是否（字段 listed）"),
        ("staff > 1", {"staff": 10**30}, "过大的数"),
        ("revenue > 1", {"revenue": Decimal(10) ** 60}, "过大的数"),
    ],
)
def test_one_set_of_wrong_values_is_an_error(expression, values, hint):
    with pytest.raises(InvalidValue, match=hint):
        _compile(expression).evaluate_one(values)


optional_numbers = st.one_of(st.none(), st.integers(-100, 100))


@given(st.lists(st.tuples(optional_numbers, optional_numbers), min_size=1, max_size=30), st.sampled_from(NullPolicy))
def test_columns_and_single_values_agree_with_plain_python(rows, policy):
    fields = [Field("x", FieldType.INTEGER), Field("y", FieldType.INTEGER)]
    rule = compile_rule(Rule("P", "x >= 10 AND x > y", policy), fields)
    frame = pl.DataFrame({"x": [x for x, _ in rows], "y": [y for _, y in rows]})
    on_null = {NullPolicy.UNKNOWN: "unknown", NullPolicy.PASSES: "pass", NullPolicy.FAILS: "fail"}[policy]
    for (x, y), outcome in zip(rows, rule.evaluate(frame), strict=True):
        left = None if x is None else x >= 10
        right = None if x is None or y is None else x > y
        decided = False in (left, right)
        expected = "fail" if decided else on_null if None in (left, right) else "pass"
        assert outcome == rule.evaluate_one({"x": x, "y": y}) == expected
