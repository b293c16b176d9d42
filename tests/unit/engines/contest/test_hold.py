from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiandao.engines.contest import Advance, Ballot, Outcome, Round, Scoring, TieBreak, hold, lot_by
from xiandao.kernel import InvalidValue

ONE = Scoring({"总分": Decimal(1)})


def _no_lot(entrants, what_for):
    raise AssertionError(f"no lot expected for {entrants}, {what_for}")


def _ballots(table, judges="abcdefghi"):
    """Return the ballots of {entrant: totals}, or {entrant: [(技术, 市场), …]}; None abstains."""
    return [
        Ballot(judge, entrant, None if x is None else dict(zip(("技术", "市场"), map(Decimal, x), strict=True)) if isinstance(x, tuple) else {"总分": Decimal(x)})
        for entrant, row in table.items()
        for judge, x in zip(judges, row, strict=False)
    ]  # fmt: skip


def _round(groups, advance, **more):
    return Round("初赛", groups, more.pop("scoring", ONE), advance, **more)


def test_trimmed_from_seven_and_announced_to_the_cent():
    table = {"甲": [82, 90, 76, 88, 61, 85, 84], "乙": [80, 80, 81, 81, 80, 80, 80]}
    found = hold(_round({"A": ["甲", "乙"]}, Advance(1)), _ballots(table), lot=_no_lot)
    assert found.row("甲").score == 83  # handbook, appendix A
    assert found.row("甲").dropped == ("e", "b")
    assert found.row("乙").exact == Fraction(401, 5)
    assert found.advancing == ("甲",)
    assert (
        found.trace[0]
        == "A第1名甲：a 82.00、b 90.00、c 76.00、d 88.00、e 61.00、f 85.00、g 84.00，去掉e、b，得83.00分，小组名次晋级。"
    )


def test_six_ballots_keep_their_ends_and_half_a_cent_goes_up():
    found = hold(_round({"A": ["甲"]}, Advance(1)), _ballots({"甲": ["80.01", 80]}), lot=_no_lot)
    assert found.row("甲").exact == Fraction(80005, 1000)
    assert found.row("甲").score == Fraction(8001, 100)


def test_first_of_each_group_and_the_best_of_the_rest():
    table = {"甲": [90], "乙": [80], "丙": [70], "丁": [95], "戊": [85], "己": [60]}
    found = hold(
        _round({"A": ["甲", "乙", "丙"], "B": ["丁", "戊", "己"]}, Advance(1, 1)), _ballots(table), lot=_no_lot
    )
    assert found.advancing == ("甲", "丁", "戊")
    assert {row.entrant: row.outcome for row in found.rows}["戊"] is Outcome.BY_REMAINING
    assert [row.entrant for row in found.rows] == ["甲", "乙", "丙", "丁", "戊", "己"]
    assert not any("不完全可比" in line for line in found.trace)


def test_best_of_the_rest_across_different_judges_is_told():
    ballots = [*_ballots({"甲": [90], "乙": [80]}, "a"), *_ballots({"丁": [95], "戊": [85]}, "b")]
    found = hold(_round({"A": ["甲", "乙"], "B": ["丁", "戊"]}, Advance(1, 1)), ballots, lot=_no_lot)
    assert "各组评委不同，跨组择优的分数不完全可比。" in found.trace


def test_tie_goes_to_the_second_criterion():
    scoring = Scoring({"技术": Decimal(1), "市场": Decimal(1)})
    table = {"甲": [(70, 80), (72, 80)], "乙": [(80, 70), (82, 70)]}
    contest = _round({"A": ["甲", "乙"]}, Advance(1), scoring=scoring, ties=("技术",))
    found = hold(contest, _ballots(table), lot=_no_lot)
    assert found.advancing == ("乙",)
    assert found.row("乙").parted_by == "技术"
    assert "初赛/A：乙、甲同为75.50分；乙先于甲（技术）。" in found.trace


def test_countback_counts_first_places():
    # means are equal; of three judges two place 甲 first
    table = {"甲": [81, 81, 60], "乙": [74, 74, 74], "丙": [10, 10, 10]}
    found = hold(_round({"A": ["丙", "乙", "甲"]}, Advance(1)), _ballots(table), lot=_no_lot)
    assert found.advancing == ("甲",)
    assert found.row("甲").parted_by == TieBreak.COUNTBACK


def test_lot_only_where_it_decides():
    table = {"甲": [80], "乙": [80], "丙": [70], "丁": [70]}
    asked = []

    def lot(entrants, what_for):
        asked.append((tuple(entrants), what_for))
        return list(reversed(entrants))

    groups = {"A": ["甲", "乙", "丙", "丁"]}
    found = hold(_round(groups, Advance(3)), _ballots(table), lot=lot)
    assert asked == [(("丁", "丙"), "初赛/A/第3名")]
    assert found.advancing == ("乙", "甲", "丙")
    assert [(row.entrant, row.rank) for row in found.rows] == [("乙", 1), ("甲", 1), ("丙", 3), ("丁", 4)]
    assert found.lots == (("初赛/A/第3名", ("丙", "丁")),)
    assert "初赛/A/第3名：丁、丙各项均相同，抽签次序为丙、丁。" in found.trace
    every = hold(_round(groups, Advance(2), lot_every_place=True), _ballots(table), lot=lot)
    assert [row.rank for row in every.rows] == [1, 2, 3, 4]


def test_lot_can_be_repeated_and_must_return_the_same_entrants():
    names = [f"队{i}" for i in range(8)]
    table = {name: [80] for name in names}
    contest = _round({"A": names}, Advance(3))
    one, other = (hold(contest, _ballots(table), lot=lot_by("种子")) for _ in range(2))
    assert one == other
    assert one.advancing != hold(contest, _ballots(table), lot=lot_by("另一种子")).advancing
    with pytest.raises(InvalidValue, match="一个排列"):
        hold(contest, _ballots(table), lot=lambda entrants, _: entrants[:-1])


def test_score_of_the_round_before_is_carried_and_parts_equals():
    first = hold(
        _round({"A": ["甲", "乙", "丙"]}, Advance(2)), _ballots({"甲": [90], "乙": [80], "丙": [70]}), lot=_no_lot
    )
    table = {"甲": [70], "乙": [76]}
    half = Scoring({"总分": Decimal(1)}, carried=Decimal("0.4"))
    final = hold(_round({"决赛": ["甲", "乙"]}, Advance(1), scoring=half), _ballots(table), lot=_no_lot, previous=first)
    assert (final.row("甲").score, final.row("乙").score) == (78, Fraction(388, 5))
    equal = _round({"决赛": ["甲", "乙"]}, Advance(1), ties=(TieBreak.PREVIOUS,))
    assert hold(equal, _ballots({"甲": [75], "乙": [75]}), lot=_no_lot, previous=first).advancing == ("甲",)
    with pytest.raises(InvalidValue, match="初赛晋级的参赛者"):
        hold(
            _round({"决赛": ["甲", "丙"]}, Advance(1)), _ballots({"甲": [75], "丙": [75]}), lot=_no_lot, previous=first
        )
    with pytest.raises(InvalidValue, match="参赛者“丁”"):
        first.row("丁")


def test_abstention_is_left_out_of_the_mean():
    found = hold(_round({"A": ["甲", "乙"]}, Advance(1)), _ballots({"甲": [90, None], "乙": [80, 84]}), lot=_no_lot)
    assert found.row("甲").score == 90
    assert dict(found.row("甲").totals) == {"a": 90}


AB = {"A": ["甲", "乙"]}


@pytest.mark.parametrize(
    ("contest", "table", "said"),
    [
        (_round(AB, Advance(1)), {"甲": [80, 81], "乙": [80]}, "b→乙"),
        (_round(AB, Advance(1)), {"甲": [80], "乙": [None]}, "乙"),
        (_round(AB, Advance(1)), {"甲": [80], "乙": [101]}, "0到100之间"),
        (_round(AB, Advance(1)), {"甲": [80], "乙": [80], "丙": [80]}, "a→丙"),
        (_round(AB, Advance(1)), {"甲": [80], "乙": [(80, 80)]}, "各打一个分"),
        (_round({"A": ["甲"], "B": ["甲"]}, Advance(1)), {"甲": [80]}, "互不重复"),
        (_round({"A": ["甲"], "B": []}, Advance(1)), {"甲": [80]}, "至少一个"),
        (_round(AB, Advance(-1)), {"甲": [80], "乙": [80]}, "不小于0的名额"),
        (_round(AB, Advance(1), ties=("创新",)), {"甲": [80], "乙": [80]}, "创新"),
        (_round(AB, Advance(1), ties=(TieBreak.PREVIOUS,)), {"甲": [80], "乙": [80]}, "上一轮的结果"),
        (_round(AB, Advance(1), scoring=Scoring({"总分": Decimal(0)})), {"甲": [80], "乙": [80]}, "合计大于0"),
    ],
)
def test_rounds_that_cannot_be_held_are_refused(contest, table, said):
    with pytest.raises(InvalidValue, match=said):
        hold(contest, _ballots(table), lot=_no_lot)


def test_second_ballot_of_a_judge_is_refused():
    with pytest.raises(InvalidValue, match="a→甲"):
        hold(_round({"A": ["甲"]}, Advance(1)), _ballots({"甲": [80]}) * 2, lot=_no_lot)


@given(
    st.lists(st.lists(st.integers(70, 73), min_size=3, max_size=3), min_size=2, max_size=9),
    st.integers(0, 3),
    st.integers(0, 3),
)
def test_who_goes_on_is_never_behind_who_does_not(rows, per_group, remaining):
    names = [f"队{i}" for i in range(len(rows))]
    half = len(names) // 2
    groups = {"A": names[:half], "B": names[half:]}
    contest = _round(groups, Advance(per_group, remaining), ties=())
    found = hold(contest, _ballots(dict(zip(names, rows, strict=True))), lot=lot_by("种子"))
    score = {row.entrant: row.score for row in found.rows}
    assert len(set(found.advancing)) == len(found.advancing)
    expected = sum(min(per_group, len(group)) for group in groups.values())
    assert len(found.advancing) == min(expected + remaining, len(names))
    for group in groups.values():
        first = [row.entrant for row in found.rows if row.entrant in group and row.outcome is Outcome.BY_GROUP]
        assert all(score[e] >= score[o] for e in first for o in group if o not in first)
    best = [row.entrant for row in found.rows if row.outcome is Outcome.BY_REMAINING]
    out = [row.entrant for row in found.rows if row.outcome is Outcome.OUT]
    assert all(score[e] >= score[o] for e in best for o in out)
