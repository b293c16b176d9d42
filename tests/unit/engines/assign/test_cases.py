"""Assignments worked out by hand: fixed pairs, shortages and ways out, quotas, ties, broken answers, bad input."""

from dataclasses import replace

import numpy as np
import pytest

from xiandao.engines.assign import Impossible, Limits, Problem, Quota, assign, check
from xiandao.kernel import InvalidValue

WIDE = Limits(nodes=10_000, rounds=20)

WIDE = Limits(nodes=10_000, rounds=20)


def test_a_case_by_hand():
    """P1 can be judged well by A alone; the best sum takes A for P2, the best weakest pair takes A for P1."""
    table = np.array([[0.6, 0.1], [1.0, 0.5]])
    problem = Problem(("P1", "P2"), ("A", "B"), table, (1, 1), (0, 1), "x")
    found = assign(problem)
    assert [(pair.proposal, pair.expert) for pair in found.pairs] == [("P1", "A"), ("P2", "B")]
    assert (found.weakest.value, found.total.value) == (0.5, 1.1)
    assert found.proposals[0].others == ("A",)
    assert (found.experts[1].total, found.experts[1].weakest) == (0.5, 0.5)


def test_fixed_pairs_are_kept_whatever_their_suitability():
    table = np.array([[0.9, 0.1, 0.8], [0.9, 0.7, 0.3]])
    problem = Problem(
        ("P1", "P2"), ("A", "B", "C"), table, (2, 2), (0, 2), "x", fixed=frozenset({("P1", "B")}), floor=0.3
    )
    found = assign(problem)
    assert {(p.proposal, p.expert): p.fixed for p in found.pairs} == {
        ("P1", "A"): False,
        ("P1", "B"): True,
        ("P2", "A"): False,
        ("P2", "B"): False,
    }
    assert (found.weakest.value, found.total.value) == (0.7, 2.6)
    assert check(found, problem) == []


def test_a_shortage_names_the_proposals_the_experts_and_the_way_out():
    table = np.array([[0.9, np.nan, np.nan], [0.8, np.nan, np.nan], [0.5, 0.5, 0.5]])
    problem = Problem(("P1", "P2", "P3"), ("A", "B", "C"), table, (1, 1), (0, 1), "x")
    found = assign(problem)
    (shortage,) = found.shortages
    assert (shortage.keys, shortage.others, shortage.needed, shortage.available) == (("P1", "P2"), ("A",), 2, 1)
    assert shortage.words == "申报 P1、P2 至少需要 2 人次评审；能评的 1 名专家（A）最多承担 1 人次，差 1 人次。"
    fewer, more = found.relaxations
    assert [(each.what, each.by) for each in fewer.changes] == [("need_least", 1)]
    assert more.words == "共放宽 1 处即可分派：A 多评 1 项。"


def test_the_fewest_reviews_to_go_without_count_pairs_worth_nothing():
    table = np.array([[0.2, np.nan, 0.2, np.nan], [0.2, np.nan, 0.2, 0.0]])
    found = assign(Problem(("P0", "P1"), ("A", "B", "C", "D"), table, (2, 2), (0, 1), "甲"))
    assert [sum(change.by for change in each.changes) for each in found.relaxations] == [1, 1]
    assert [(each.needed, each.available) for each in found.shortages] == [(4, 3)]


def test_quotas_that_cannot_be_met_say_what_would_do():
    problem = Problem(("P1",), ("A", "B"), np.array([[0.9, 0.8]]), (2, 2), (0, 1), "x", employers=("某大学", "某大学"))
    found = assign(problem)
    assert found.decided
    (relaxation,) = found.relaxations
    assert sum(change.by for change in relaxation.changes) == 1
    assert relaxation.least


def test_the_seed_decides_ties_and_only_ties():
    table = np.full((4, 8), 0.5)
    problem = Problem(tuple("wxyz"), tuple("ABCDEFGH"), table, (1, 1), (0, 1), "0")
    answers = {
        frozenset((p.proposal, p.expert) for p in assign(replace(problem, seed=str(s))).pairs) for s in range(20)
    }
    assert len(answers) > 15
    best = np.eye(4, 8) * 0.5 + 0.25
    clear = replace(problem, suitability=best)
    assert len({frozenset(assign(replace(clear, seed=str(s))).pairs) for s in range(5)}) == 1


def test_check_finds_what_is_broken():
    table = np.array([[0.9, 0.8, 0.7], [0.9, 0.8, np.nan]])
    problem = Problem(
        ("P1", "P2"),
        ("A", "B", "C"),
        table,
        (1, 1),
        (0, 1),
        "x",
        employers=("甲", "甲", "乙"),
        cities=("南京", "南京", "南京"),
        city_most=1,
        kinds=(frozenset(), frozenset(), frozenset({"产业"})),
        quotas=(Quota("产业", most=0, proposals=frozenset({"P1"})),),
        fixed=frozenset({("P1", "A")}),
        floor=0.85,
    )
    good = assign(replace(problem, floor=0.0))
    pair = good.pairs[0]
    bad = replace(
        good,
        pairs=tuple(
            replace(pair, proposal=p, expert=e) for p, e in [("P1", "B"), ("P1", "C"), ("P2", "C"), ("P1", "B")]
        ),
    )
    rules = {violation.rule for violation in check(bad, problem)}
    assert rules == {
        "repeated", "fixed", "need", "load", "forbidden", "floor", "employer", "city", "quota", "summary",
    }  # fmt: skip
    assert [v.rule for v in check(replace(good, pairs=(replace(pair, expert="Z"),)), problem)] == ["unknown"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"suitability": np.ones((1, 2))}, "矩阵"),
        ({"suitability": np.full((2, 2), 1.5)}, "0 到 1 之间"),
        ({"proposals": ("P1", "P1")}, "各不相同"),
        ({"need": (2, 1)}, "最少 ≤ 最多"),
        ({"need": ((1, 1),)}, "2 对"),
        ({"load": (0, 1.5)}, "整数对"),
        ({"employers": ("甲",)}, "每名专家一个"),
        ({"fixed": frozenset({("P1", "X")})}, "核对编号"),
        ({"fixed": frozenset({("P1", "A")}), "forbidden": frozenset({("P1", "A")})}, "取消指定"),
        ({"suitability": np.array([[np.nan, 1], [1, 1]]), "fixed": frozenset({("P1", "A")})}, "取消指定"),
        ({"fixed": frozenset({("P1", "A"), ("P2", "A")})}, "指定的配对不超过上限"),
    ],
)
def test_input_that_does_not_fit_is_refused(change, words):
    given_ = {
        "proposals": ("P1", "P2"),
        "experts": ("A", "B"),
        "suitability": np.ones((2, 2)),
        "need": (1, 1),
        "load": (0, 1),
        "seed": "x",
    }
    with pytest.raises(InvalidValue, match=words):
        assign(Problem(**{**given_, **change}))


def test_nothing_to_do():
    nothing = assign(Problem((), ("A",), np.empty((0, 1)), (1, 1), (0, 1), "x"))
    assert (nothing.pairs, nothing.weakest, nothing.total.value) == ((), None, 0.0)
    assert isinstance(assign(Problem(("P",), (), np.empty((1, 0)), (1, 1), (0, 1), "x")), Impossible)
