import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiandao.kernel import Field, FieldType, InvalidValue, Rule, RuleError, compile_rule
from xiandao.kernel.rule_words import FUNCTIONS, KEYWORDS

FIELDS = [
    Field("staff", FieldType.INTEGER, "职工人数", "人"),
    Field("revenue", FieldType.DECIMAL, "营业收入", "元"),
    Field("研发投入", FieldType.DECIMAL, "研发投入", "元"),
    Field("share", FieldType.NUMBER, "占比"),
    Field("city", FieldType.TEXT, "所在市"),
    Field("founded", FieldType.DATE, "成立日期"),
    Field("listed", FieldType.BOOLEAN, "是否上市"),
]


def _compile(expression):
    return compile_rule(Rule("R-1", expression), FIELDS)


def _refusal(expression):
    with pytest.raises(RuleError) as caught:
        _compile(expression)
    assert caught.value.code == "R-1"
    assert str(caught.value).startswith("规则 R-1 的表达式")
    return caught.value


@pytest.mark.parametrize(
    ("expression", "used"),
    [
        ("staff >= 10", ["staff"]),
        ("研发投入 / NULLIF(revenue, 0) >= 0.03", ["研发投入", "revenue"]),
        ("listed", ["listed"]),
        ("NOT listed AND staff > 1", ["listed", "staff"]),
        ("founded >= DATE '2024-06-01'", ["founded"]),
        ("founded + INTERVAL '3 years' > DATE '2024-06-01'", ["founded"]),
        ("founded - founded < INTERVAL '30 days'", ["founded"]),
        ("city IN ('南京', '苏州')", ["city"]),
        ("city NOT LIKE '南%'", ["city"]),
        ("staff BETWEEN 1 AND 10", ["staff"]),
        ("staff IS NULL OR staff <> 3", ["staff"]),
        ("CASE WHEN listed THEN staff ELSE 0 END > 1", ["listed", "staff"]),
        ("CASE staff WHEN 1 THEN TRUE ELSE FALSE END", ["staff"]),
        ("EXTRACT(year FROM founded) = 2024", ["founded"]),
        ("COALESCE(listed, FALSE)", ["listed"]),
        ("TRY_CAST(city AS DATE) > founded", ["city", "founded"]),
        ("SUBSTR(city, 1, 2) = '南京' AND LENGTH(city) = 3", ["city"]),
        ("ROUND(share, 2) > 0.5", ["share"]),
        ('"staff" > -1', ["staff"]),
        ("staff % 2 = 1 AND staff // 3 > 1", ["staff"]),
        ("staff IN (1, NULL)", ["staff"]),
        ("city = 'it''s -- no comment; SUM(x)'", ["city"]),
        ("(staff > 1) = listed", ["staff", "listed"]),
        ("staff IS DISTINCT FROM 3", ["staff"]),
    ],
)
def test_the_language_of_rules(expression, used):
    assert [item.name for item in _compile(expression).fields] == used


@pytest.mark.parametrize(
    ("expression", "field", "position", "hint"),
    [
        ("staf >= 10", "staf", 1, "“staf”是否指“staff”"),
        ("staff > 1 AND 研发投人 > 1", "研发投人", 15, "“研发投人”是否指“研发投入”"),
        ("Staff > 1", "Staff", 1, "是否指“staff”"),
        ('"revenues" > 1', "revenues", 1, "是否指“revenue”"),
        ("xyz > 1", "xyz", 1, "可用字段：staff、revenue"),
        ("staff > 1 AS k", "k", 14, "可用字段"),
        ("CURRENT_DATE > founded", "CURRENT_DATE", 1, "没有字段“CURRENT_DATE”"),
        ("staff IN (SELECT 1)", "SELECT", 11, "没有字段“SELECT”"),
    ],
)
def test_an_undeclared_field_is_named_with_place_and_nearest_name(expression, field, position, hint):
    error = _refusal(expression)
    assert (error.field, error.position) == (field, position)
    assert hint in str(error)


@pytest.mark.parametrize(
    ("expression", "function"),
    [
        ("SUM(staff) > 1", "SUM"),
        ("staff > max(staff)", "max"),
        ("COUNT(*) > 1 AND staff > 1", "COUNT"),
        ("ROW_NUMBER() OVER (ORDER BY staff) > 1", "ROW_NUMBER"),
        ("EXISTS (SELECT 1)", "EXISTS"),
        ("NOW() > founded", "NOW"),
        ("foo(staff) > 1", "foo"),
        ("CAST(city AS INT) > 1", "CAST"),
        ("GREATEST(staff, 1) > 1", "GREATEST"),
        ("STRPOS(city, '南') > 0", "STRPOS"),
        ('"SUM"(staff) > 1', '"SUM"'),
    ],
)
def test_aggregates_windows_clock_and_unknown_functions_are_refused(expression, function):
    assert f"不能用“{function}”" in str(_refusal(expression))


@pytest.mark.parametrize(
    ("expression", "position", "hint"),
    [
        ("staff ＞ 1", 7, "全角符号请改为半角"),
        ("staff > 1;", 10, "不能用“;”"),
        ("staff.x > 1", 6, "不能用“.”"),
        ("staff::int > 1", 6, "不能用“:”"),
        ("staff > 1 -- note", 11, "注释"),
        ("city = '南京", 8, "缺少右引号"),
        ("listed IS TRUE", 8, "COALESCE"),
        ("listed IS NOT FALSE", 8, "COALESCE"),
        ("DATE(city) > founded", 1, "DATE '2025-01-31'"),
        ("INTERVAL > 1", 1, "INTERVAL '30 days'"),
        ("", 1, "不能为空"),
        ("  ", 1, "不能为空"),
    ],
)
def test_signs_and_words_outside_the_language_are_placed(expression, position, hint):
    error = _refusal(expression)
    assert error.position == position
    assert hint in str(error)


@pytest.mark.parametrize("divisor", ["revenue", "0", "0.00", "(revenue)", "NULLIF(revenue, 5)", "NULLIF(revenue", "-1"])
def test_a_divisor_that_may_be_zero_is_refused(divisor):
    assert "不会为零的除数" in str(_refusal(f"staff / {divisor} > 1"))


def test_a_divisor_at_the_end_of_the_text_is_refused():
    assert "不会为零的除数" in str(_refusal("staff /"))


@pytest.mark.parametrize(
    "expression", ["staff > 1 AND", "staff >", "((staff = 1)", "staff > 1 staff < 2", "staff IN ()"]
)
def test_incomplete_sql_is_refused(expression):
    assert "完整的 SQL 条件" in str(_refusal(expression))


@pytest.mark.parametrize("expression", ["1 = 1", "TRUE", "'x' = 'x'", "*"])
def test_a_condition_without_fields_is_refused(expression):
    assert "至少用到一个字段" in str(_refusal(expression))


@pytest.mark.parametrize(
    ("expression", "kind"),
    [("staff + 1", "数值"), ("city", "文字"), ("founded", "日期"), ("founded - founded", "时长"), ("share", "数值")],
)
def test_a_result_that_is_not_boolean_is_refused(expression, kind):
    assert f"现结果是{kind}" in str(_refusal(expression))


@pytest.mark.parametrize(
    ("expression", "hint"),
    [
        ("founded > staff", "数值与日期"),
        ("founded >= '2024-01-01'", "文字与日期"),
        ("founded > founded - founded", "日期与时长"),
        ("founded - founded > 3", "数值与时长"),
        ("founded + 1 > founded", "数值与日期"),
        ("founded IN (1)", "数值与日期"),
        ("city > 1", "数值与文字"),
        ("city IN (1, 2)", "数值与文字"),
        ("staff = city", "数值与文字"),
        ("staff = '10'", "数值与文字"),
        ("staff BETWEEN '1' AND '2'", "数值与文字"),
        ("listed = 1", "数值与是否"),
        ("listed = 'x'", "文字与是否"),
        ("revenue > listed", "数值与是否"),
        ("listed + listed > 1", "加减乘除"),
        ("NOT staff", "NOT 后的条件"),
        ("NOT city", "NOT 后的条件"),
        ("staff AND listed", "数值与是否"),
        ("CASE WHEN staff THEN listed ELSE listed END", "CASE WHEN 后的条件"),
        ("CASE WHEN listed THEN founded ELSE staff END IS NULL", "数值与日期"),
        ("COALESCE(founded, 1) IS NULL", "数值与日期"),
        ("EXTRACT(year FROM city) = 2024", "类型相配"),
        ("LENGTH(staff) > 1", "类型相配"),
        ("REGEXP_LIKE(city, '(')", "类型相配"),
    ],
)
def test_types_that_do_not_go_together_are_refused(expression, hint):
    error = _refusal(expression)
    assert hint in str(error)
    assert error.field in {item.name for item in FIELDS}
    assert error.position >= 1


def test_an_expression_longer_than_a_page_is_refused():
    assert "请拆成几条规则" in str(_refusal(" AND ".join(["staff > 1"] * 300)))
    with pytest.raises(RuleError, match="层次不太深"):
        compile_rule(Rule("R-1", "||".join(["s"] * 600) + " = 'x'"), [Field("s", FieldType.TEXT)])
    assert _compile(" AND ".join(["staff > 1"] * 140)).fields


@pytest.mark.parametrize("name", ["", "1a", "a b", "a.b", "select-x"])
def test_field_names_are_identifiers(name):
    with pytest.raises(InvalidValue, match="字段名"):
        Field(name, FieldType.TEXT)


@pytest.mark.parametrize("name", ["date", "End", "CASE"])
def test_field_names_are_no_keywords(name):
    with pytest.raises(InvalidValue, match="保留字"):
        Field(name, FieldType.TEXT)


def test_functions_and_keywords_do_not_overlap():
    assert not FUNCTIONS & KEYWORDS


@given(st.text(st.sampled_from("staflisted研 ><=()'\"+-*/%.,;10ANDORNOTIS NULL"), max_size=40))
def test_any_text_compiles_or_is_refused_with_a_sentence(text):
    try:
        compiled = _compile(text)
    except RuleError as error:
        assert str(error).endswith("。")  # noqa: PT017 — either outcome is right, this one must carry a sentence
    else:
        assert compiled.fields
