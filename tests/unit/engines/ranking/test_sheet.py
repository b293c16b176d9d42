from decimal import Decimal

import numpy as np
import pytest

from xiandao.engines.ranking import Criterion, Partial, Score, ScoreTable, Void, build_sheet
from xiandao.kernel import InvalidValue

CRITERIA = [
    Criterion("技术", Decimal(60)),
    Criterion("市场", Decimal(40), low=Decimal(1), high=Decimal(5), step=Decimal("0.5")),
]


def _table(*rows):
    return ScoreTable.of([Score(*row) for row in rows])


def test_total_is_the_weighted_mean_on_a_scale_of_100():
    sheet = build_sheet(_table(("甲", "a", "技术", 80), ("甲", "a", "市场", 4)), CRITERIA)
    assert sheet.parts.tolist() == [[80.0, 75.0]]
    assert sheet.total.tolist() == [0.6 * 80 + 0.4 * 75]


def test_reviewer_who_abstains_from_a_criterion_has_no_total_unless_spread():
    table = _table(("甲", "a", "技术", 80), ("甲", "a", "市场", None), ("甲", "b", "技术", 60), ("甲", "b", "市场", 3))
    dropped = build_sheet(table, CRITERIA)
    assert dropped.reviewers == ("b",)
    assert dropped.abstained == (("甲", "a"),)
    assert build_sheet(table, CRITERIA, partial=Partial.SPREAD).total.tolist() == [80.0, 56.0]


def test_void_takes_a_pair_out_and_names_it():
    table = _table(*((p, r, c, x) for p in "甲乙" for r in "ab" for c, x in (("技术", 80), ("市场", 3))))
    sheet = build_sheet(table, CRITERIA, voids=[Void("甲", "a", "同一单位")])
    assert sheet.counts.tolist() == [2, 1]  # 乙 (U+4E59) sorts before 甲 (U+7532)
    assert sheet.proposals == ("乙", "甲")
    assert sheet.voided == (("甲", "a"),)
    assert sheet.abstained == ()
    assert len(table.value) == 8


def test_later_round_replaces_only_what_was_given_anew_and_the_first_stays():
    table = _table(
        ("甲", "a", "技术", 80), ("甲", "a", "市场", 3), ("甲", "a", "技术", 70, 2), ("甲", "b", "技术", 50), ("甲", "b", "市场", 5),
    )  # fmt: skip
    first, second = build_sheet(table, CRITERIA), build_sheet(table, CRITERIA, up_to_round=2)
    assert first.total.tolist() == [68.0, 70.0]
    assert second.total.tolist() == [62.0, 70.0]


def test_abstention_in_a_later_round_withdraws_the_score():
    table = _table(("甲", "a", "技术", 80), ("甲", "a", "市场", 3), ("甲", "a", "技术", None, 2))
    assert build_sheet(table, CRITERIA, up_to_round=2).abstained == (("甲", "a"),)


def test_proposals_without_a_score_are_named():
    table = ScoreTable.of([Score("甲", "a", "技术", 80), Score("甲", "a", "市场", 3)], proposals=["丙"])
    assert build_sheet(table, CRITERIA).unscored == ("丙",)


def test_groups_that_no_common_reviewer_connects_the_largest_first():
    rows = [("A", "x"), ("B", "x"), ("B", "y"), ("C", "y"), ("D", "z"), ("E", "z")]
    sheet = build_sheet(_table(*((p, r, "技术", 70) for p, r in rows)), CRITERIA[:1])
    assert sheet.groups == (("A", "B", "C"), ("D", "E"))


def test_order_of_rows_does_not_matter():
    rows = [(p, r, c, x) for p in "甲乙" for r in "abc" for c, x in (("技术", 80), ("市场", 3))]
    one, other = build_sheet(_table(*rows), CRITERIA), build_sheet(_table(*rows[::-1]), CRITERIA)
    np.testing.assert_array_equal(one.total, other.total)
    assert (one.proposals, one.reviewers) == (other.proposals, other.reviewers)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("甲", "a", "技术", 101)], "a给甲的分数“101”有误：应为0到100之间的数"),
        ([("甲", "a", "市场", 3.2)], "间隔0.5"),
        ([("甲", "a", "创新", 80)], "技术、市场"),
        ([("甲", "a", "技术", 80), ("甲", "a", "技术", 81)], "甲/a/技术/第1轮"),
        ([("甲", "a", "技术", float("inf"))], "弃权请用空值"),
        ([("甲", "a", "技术", 80, 0)], "轮次"),
    ],
)
def test_scores_that_cannot_be_are_refused_by_name(rows, said):
    with pytest.raises(InvalidValue) as error:
        build_sheet(_table(*rows), CRITERIA)
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("criteria", "said"),
    [
        ([], "至少一个"),
        ([Criterion("技术", Decimal(0))], "合计大于0"),
        ([Criterion("技术", Decimal(-1)), Criterion("市场", Decimal(2))], "不小于0的权重"),
        ([Criterion("技术", Decimal(1), low=Decimal(5), high=Decimal(5))], "下限小于上限"),
    ],
)
def test_criteria_that_make_no_total_are_refused(criteria, said):
    with pytest.raises(InvalidValue, match=said):
        build_sheet(_table(("甲", "a", "技术", 80)), criteria)


def test_void_of_a_pair_that_does_not_exist_is_refused():
    with pytest.raises(InvalidValue, match="b→甲"):
        build_sheet(_table(("甲", "a", "技术", 80)), CRITERIA, voids=[Void("甲", "b", "")])
