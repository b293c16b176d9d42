"""Both modes against every possible assignment of tiny problems; post-conditions; ties; monotonicity; ways out."""

from dataclasses import replace
from fractions import Fraction
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xiandao.engines.assign import Assignment, Impossible, Limits, Mode, Problem, Quota, assign, check
from xiandao.kernel import InvalidValue

WIDE = Limits(nodes=10_000, rounds=20)


@st.composite
def problems(draw, *, quotas=False):
    rows, columns = draw(st.integers(1, 3)), draw(st.integers(1, 5))
    level = st.sampled_from([np.nan, 0.0, 0.2, 0.2, 0.5, 0.8, 1.0])
    table = np.array(draw(st.lists(level, min_size=rows * columns, max_size=rows * columns)), dtype=float)
    least = draw(st.integers(0, 2))
    low = draw(st.sampled_from([0, 0, 1]))
    problem = Problem(
        tuple(f"P{i}" for i in range(rows)),
        tuple(f"E{i}" for i in range(columns)),
        table.reshape(rows, columns),
        (least, least + draw(st.integers(0, 1))),
        (low, max(low, draw(st.integers(1, 3)))),
        draw(st.sampled_from(["甲", "乙"])),
        floor=draw(st.sampled_from([0.0, 0.0, 0.3])),
    )
    pairs = [(p, e) for p in problem.proposals for e in problem.experts]
    problem = replace(problem, forbidden=frozenset(draw(st.sets(st.sampled_from(pairs), max_size=2))))
    if not quotas:
        return problem
    names = st.lists(st.sampled_from(["", "甲", "乙"]), min_size=columns, max_size=columns).map(tuple)
    kinds = st.lists(st.sampled_from([frozenset(), frozenset({"产业"})]), min_size=columns, max_size=columns).map(tuple)
    quota = st.builds(
        Quota,
        st.just("产业"),
        st.sampled_from([0, 1]),
        st.sampled_from([None, 1]),
        st.sampled_from([Fraction(0), Fraction(1, 3)]),
        st.sampled_from([None, Fraction(2, 3)]),
        st.sampled_from([None, frozenset({"P0"})]),
    )
    return replace(
        problem,
        employers=draw(st.sampled_from([(), draw(names)])),
        cities=draw(names),
        city_most=draw(st.sampled_from([None, 1])),
        city_share=draw(st.sampled_from([None, Fraction(1, 2)])),
        kinds=draw(kinds),
        quotas=tuple(draw(st.lists(quota, max_size=1))),
    )


def panel_holds(problem, row, panel):  # noqa: PLR0911 — a list of reasons to say no
    size, proposal = len(panel), problem.proposals[row]
    least, most = problem.need
    if not least <= size <= most:
        return False
    for column in panel:
        value = problem.suitability[row, column]
        if np.isnan(value) or value < problem.floor or (proposal, problem.experts[column]) in problem.forbidden:
            return False
    known = [problem.employers[c] for c in panel if problem.employers and problem.employers[c]]
    if len(known) != len(set(known)):
        return False
    for city in {problem.cities[c] for c in panel if problem.cities and problem.cities[c]}:
        n = sum(problem.cities[c] == city for c in panel)
        if problem.city_most is not None and n > problem.city_most:
            return False
        if problem.city_share is not None and n > problem.city_share * size:
            return False
    for quota in problem.quotas:
        if quota.proposals is not None and proposal not in quota.proposals:
            continue
        n = sum(quota.kind in problem.kinds[c] for c in panel)
        most = size if quota.most is None else quota.most
        share = Fraction(1) if quota.most_share is None else quota.most_share
        if n < quota.least or n > most or n < quota.least_share * size or n > share * size:
            return False
    return True


def every(problem):
    """Yield every assignment as (weakest, sum, worst total, pairs), all in millionths."""
    columns = range(len(problem.experts))
    panels = [
        [p for n in range(len(columns) + 1) for p in combinations(columns, n) if panel_holds(problem, row, p)]
        for row in range(len(problem.proposals))
    ]
    for choice in product(*panels):
        loads = np.bincount([c for panel in choice for c in panel], minlength=len(columns))
        if (loads >= problem.load[0]).all() and (loads <= problem.load[1]).all():
            values = [[round(problem.suitability[row, c] * 1e6) for c in panel] for row, panel in enumerate(choice)]
            flat = [value for panel in values for value in panel]
            yield min(flat, default=10**9), sum(flat), min(map(sum, values)), choice


def millionths(number):
    return round(number * 1e6)


def assert_best(problem, found, all_of):
    """The highest weakest pair, then the sum; where nothing has to be assigned there is no weakest pair, only the sum."""
    forced = problem.need[0] > 0 or problem.load[0] > 0
    weakest, total, _, _ = max(all_of, key=lambda each: each[:2] if forced else each[1])
    assert millionths(found.total.value) == total
    assert found.total.proven
    if forced:
        assert millionths(found.weakest.value) == weakest
        assert found.weakest.proven


@settings(max_examples=250, deadline=None)
@given(problems())
def test_weakest_first_is_the_best_of_all(problem):
    found, all_of = assign(problem), list(every(problem))
    if not all_of:
        assert isinstance(found, Impossible)
        return
    assert isinstance(found, Assignment)
    assert check(found, problem) == []
    assert_best(problem, found, all_of)
    assert found.method == "flow"


@settings(max_examples=200, deadline=None)
@given(problems(quotas=True))
def test_weakest_first_with_quotas_is_the_best_of_all(problem):
    found, all_of = assign(problem, limits=WIDE), list(every(problem))
    if not all_of:
        assert isinstance(found, Impossible)
        return
    assert isinstance(found, Assignment)
    assert check(found, problem) == []
    assert_best(problem, found, all_of)


@settings(max_examples=150, deadline=None)
@given(problems(quotas=True))
def test_the_fairest_is_the_fairest_of_all(problem):
    found, all_of = assign(problem, mode=Mode.FAIREST, limits=WIDE), list(every(problem))
    if not all_of:
        assert isinstance(found, Impossible)
        return
    assert check(found, problem) == []
    best = max(each[2] for each in all_of)
    assert millionths(found.worst.value) == best
    assert millionths(found.worst.bound) >= best
    assert found.worst.proven


@settings(max_examples=80, deadline=None)
@given(problems(), st.data())
def test_the_answer_does_not_depend_on_the_order_given(problem, data):
    rows = data.draw(st.permutations(range(len(problem.proposals))))
    columns = data.draw(st.permutations(range(len(problem.experts))))
    other = replace(
        problem,
        proposals=tuple(problem.proposals[r] for r in rows),
        experts=tuple(problem.experts[c] for c in columns),
        suitability=problem.suitability[rows][:, columns],
    )
    first, second = assign(problem), assign(other)
    assert type(first) is type(second)
    if isinstance(first, Assignment):
        assert set(first.pairs) == set(second.pairs)
        assert assign(problem) == first


@settings(max_examples=80, deadline=None)
@given(problems())
def test_one_more_expert_never_lowers_the_weakest_pair(problem):
    problem = replace(problem, load=(0, problem.load[1]))
    more = replace(
        problem,
        experts=(*problem.experts, "新"),
        suitability=np.column_stack([problem.suitability, np.full(len(problem.proposals), 0.6)]),
    )
    first, second = assign(problem), assign(more)
    if isinstance(first, Assignment) and first.weakest is not None and problem.need[0] > 0:
        assert isinstance(second, Assignment)
        assert second.weakest.value >= first.weakest.value


def relaxed(problem, changes):
    need = [list(problem.need) for _ in problem.proposals]
    load = [list(problem.load) for _ in problem.experts]
    for change in changes:
        if change.what.startswith("need"):
            row = problem.proposals.index(change.key)
            need[row][change.what == "need_most"] += change.by if change.what == "need_most" else -change.by
        else:
            column = problem.experts.index(change.key)
            load[column][change.what == "load_most"] += change.by if change.what == "load_most" else -change.by
    return replace(problem, need=tuple(map(tuple, need)), load=tuple(map(tuple, load)))


@settings(max_examples=300, deadline=None)
@given(problems(), st.data())
def test_what_is_said_to_help_helps_and_less_does_not(problem, data):
    found = assign(problem, limits=WIDE)
    if isinstance(found, Assignment):
        return
    assert found.shortages
    assert found.words.endswith("。")
    for shortage in found.shortages:
        assert shortage.needed > shortage.available
        assert str(shortage.needed) in shortage.words
    assert found.relaxations
    for relaxation in found.relaxations:
        assert isinstance(assign(relaxed(problem, relaxation.changes)), Assignment)
        assert relaxation.least
        change = data.draw(st.sampled_from(relaxation.changes))
        less = [replace(each, by=each.by - (each is change)) for each in relaxation.changes]
        assert isinstance(assign(relaxed(problem, less)), Impossible)


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
