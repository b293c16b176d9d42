import pickle

import pytest

from xiandao import kernel
from xiandao.kernel import AmbiguousName, IndustryCode, InvalidValue, Refused, Rule, RuleError


def test_industry_codes():
    assert str(IndustryCode("hydrogen")) == "hydrogen"
    assert IndustryCode.parse(" Cell_Gene ") == IndustryCode("cell-gene")
    assert IndustryCode("a") < IndustryCode("b")


@pytest.mark.parametrize("bad", ["", "Hydrogen", "6g", "a--b", "-a", "a-", "氢能", "a" * 41, None])
def test_bad_industry_codes_are_refused(bad):
    with pytest.raises(InvalidValue, match="产业代码"):
        IndustryCode(bad)


def test_parsing_nothing_is_refused():
    with pytest.raises(InvalidValue, match="文字"):
        IndustryCode.parse(None)


def test_an_error_is_one_chinese_sentence_of_found_expected_mend():
    error = InvalidValue("x", "数字", "请改为数字", "金额")
    assert str(error) == "金额“x”有误：应为数字；请改为数字。"
    assert (error.value, error.expected, error.mend) == ("x", "数字", "请改为数字")
    assert isinstance(error, ValueError)
    assert str(InvalidValue(None, "数字")) == "“空”有误：应为数字。"


def test_long_values_are_cut_in_the_sentence_only():
    error = InvalidValue("长" * 500, "短句")
    assert "…" in str(error)
    assert len(str(error)) < 100
    assert error.value == "长" * 500


def test_refusals_say_what_cannot_be_done_and_why():
    assert str(Refused("延长", "已办结", "请核对", "时限")) == "时限不能延长：已办结；请核对。"


@pytest.mark.parametrize(
    "error",
    [
        InvalidValue("x", "数字", "请改", "金额"),
        AmbiguousName("鼓楼区", ("甲", "乙"), "地区"),
        Refused("延长", "已办结", what="时限"),
        RuleError("R", "a > 1", "条件", "请改", field_name="a", position=3),
    ],
)
def test_errors_travel_between_processes(error):
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 — our own bytes
    assert type(copy) is type(error)
    assert str(copy) == str(error)
    assert vars(copy) == vars(error)


def test_the_public_names_exist_and_are_sorted():
    assert all(hasattr(kernel, name) for name in kernel.__all__)
    assert len(set(kernel.__all__)) == len(kernel.__all__)
    assert kernel.Rule is Rule
