from decimal import Decimal

import numpy as np
import pytest
from hypothesis import assume, given, settings

from tests.unit.engines.portfolio.worlds import HALVES, every, item, meets, problems
from xiandao.engines.portfolio import Budget, Bundle, Exclusion, Item, Level, Quota, choose, conflict, gain, greedy
from xiandao.engines.portfolio.program import build
from xiandao.engines.portfolio.solve import _cut_off, preference
from xiandao.kernel import InvalidValue

HUNDRED = [Budget("总额", "专项", Decimal(100))]
ITEMS = [item("A", 90, 60), item("B", 80, 50), item("C", 75, 50, industry="量子"), item("D", 20, 40)]


def test_best_under_a_budget_is_not_the_first_by_rank():
    found = choose(ITEMS, HUNDRED)
    assert found.codes == {"B", "C"}
    assert (found.value, found.bound, found.proven) == (Decimal(155), Decimal(155), True)
    by_rank = greedy(ITEMS, HUNDRED)
    assert by_rank.codes == {"A", "D"}
    gained = gain(found, by_rank)
    assert (gained.value, gained.comparable) == (Decimal(45), True)
    assert (gained.joined, gained.left) == (("B", "C"), ("A", "D"))


def test_one_fen_decides():
    exact = [Budget("总额", "专项", Decimal("100.00"))]
    assert choose([item("A", 1, "33.33"), item("B", 1, "33.33"), item("C", 1, "33.34")], exact).codes == {"A", "B", "C"}
    assert len(choose([item("A", 1, "33.34"), item("B", 1, "33.33"), item("C", 1, "33.34")], exact).codes) == 2


def test_half_a_fen_in_a_bound_never_loosens_it():
    items = [item("A", 5, "1.00"), item("B", 1, "1.01")]
    least = Quota("至少", minimum=Decimal("1.005"), fund="专项")
    most = Budget("至多", "专项", Decimal("1.015"))
    assert choose(items, [least, most]).codes == {"B"}


def test_a_fen_in_ten_billion_yuan_decides():
    budget = [Budget("总额", "专项", Decimal(10_000_000_000))]
    near = [item("A", 1, "4999999999.99"), item("B", 1, "5000000000.01")]
    over = [item("A", 1, "5000000000.00"), item("B", 1, "5000000000.01")]
    assert choose(near, budget).codes == {"A", "B"}
    assert len(choose(over, budget).codes) == 1


def test_budgets_by_year_each_hold():
    items = [
        Item("A", Decimal(10), {"2025": Decimal(6), "2026": Decimal(1)}),
        Item("B", Decimal(9), {"2025": Decimal(5), "2026": Decimal(1)}),
        Item("C", Decimal(5), {"2025": Decimal(1), "2026": Decimal(9)}),
    ]
    years = [Budget("2025", "2025", Decimal(7)), Budget("2026", "2026", Decimal(9))]
    assert choose(items, years).codes == {"A"}
    assert choose(items, [years[0], Budget("2026", "2026", Decimal(10))]).codes == {"A", "C"}


def test_quotas_exclusions_bundles_and_commitments():
    assert choose(ITEMS, [*HUNDRED, Quota("氢能", "industry", frozenset({"氢能"}), minimum=2)]).codes == {"A", "D"}
    assert choose(ITEMS, [*HUNDRED, Quota("总数", maximum=1)]).codes == {"A"}
    assert choose(ITEMS, [*HUNDRED, Exclusion("同一单位", frozenset("BC"))]).codes == {"A", "D"}
    assert choose(ITEMS, [*HUNDRED, Bundle("上下游", frozenset("BD"))]).codes == {"B", "D"}
    committed = [*ITEMS[:3], item("D", 20, 40, committed=True)]
    assert choose(committed, HUNDRED).codes == {"A", "D"}
    money = Quota("量子金额", "industry", frozenset({"量子"}), maximum=Decimal(49), fund="专项")
    assert choose(ITEMS, [*HUNDRED, money]).codes == {"A", "D"}


def test_partial_funding_fits_more_in():
    items = [item("A", 90, 60, levels=HALVES), item("B", 80, 60, levels=HALVES)]
    found = choose(items, HUNDRED)
    assert [(one.code, one.share, one.value) for one in found.chosen] == [
        ("A", Decimal(1), Decimal(90)),
        ("B", Decimal("0.6"), Decimal("48.0")),
    ]
    assert found.value == Decimal(138)
    own = (Level(Decimal(1)), Level(Decimal("0.6"), Decimal(79)))
    assert choose([items[0], item("B", 80, 60, levels=own)], HUNDRED).value == Decimal(169)


def test_equals_go_by_code_or_by_seed_whatever_the_order():
    items = [item(code, 50, 30) for code in "DBEAC"]
    assert choose(items, HUNDRED).codes == {"A", "B", "C"}
    assert choose(items[::-1], HUNDRED).codes == {"A", "B", "C"}
    drawn = {seed: choose(items, HUNDRED, seed=seed).codes for seed in range(8)}
    assert drawn == {seed: choose(items[::-1], HUNDRED, seed=seed).codes for seed in range(8)}
    assert len(set(drawn.values())) > 2
    assert drawn[0] == set(sorted("ABCDE", key=preference("ABCDE", 0).get)[:3])


def test_equals_of_different_cost_go_by_code_where_they_fit():
    items = [item("A", 50, 60), item("B", 50, 40), item("C", 50, 45)]
    assert choose(items, HUNDRED).codes == {"A", "B"}


def test_nothing_to_choose_from():
    assert choose([], []).codes == frozenset()
    assert choose([item("A", 5, 200)], HUNDRED).value == 0


@given(problems())
@settings(max_examples=60, deadline=None)
def test_selection_is_the_best_of_all_tried(problem):
    items, constraints = problem
    best = max((value for value, _ in every(items, constraints)), default=None)
    found = choose(items, constraints)
    if best is None:
        assert found is None
        return
    assert found.proven
    assert found.value == best
    by_code = {one.code: one for one in items}
    picked = [(by_code[c.code], next(k for k in by_code[c.code].levels if k.share == c.share)) for c in found.chosen]
    assert meets(picked, constraints)
    assert (found.value, found.codes) in set(every(items, constraints))


@given(problems())
@settings(max_examples=40, deadline=None)
def test_conflict_is_real_and_smallest(problem):
    items, constraints = problem
    found = conflict(items, constraints)
    if any(True for _ in every(items, constraints)):
        assert found is None
        return
    assume(not any(one.committed for one in items))
    assert not any(True for _ in every(items, found.constraints))
    for left_out in found.constraints:
        assert any(True for _ in every(items, [c for c in found.constraints if c is not left_out]))
    assert len(found.sentences) == len(found.constraints)


@given(problems())
@settings(max_examples=30, deadline=None)
def test_greedy_that_meets_everything_is_never_better(problem):
    items, constraints = problem
    by_rank, found = greedy(items, constraints), choose(items, constraints)
    if not by_rank.unmet:
        assert found.value >= by_rank.value
        assert by_rank.codes in {codes for _, codes in every(items, constraints)}


def test_conflict_speaks():
    items = [item("A", 90, 60, committed=True), item("B", 80, 50, committed=True), *ITEMS[2:]]
    found = conflict(items, [*HUNDRED, Quota("总数", maximum=3)])
    assert found.sentences == (
        "“总额”：专项合计不超过100元。",
        "A已定入选，至少需要专项60元。",
        "B已定入选，至少需要专项50元。",
    )
    few = conflict(ITEMS, [Quota("量子", "industry", frozenset({"量子"}), minimum=2)])
    assert few.sentences == ("“量子”：不少于2个，符合的项目共1个。",)


def test_conflict_of_a_group_and_a_bundle():
    apart = [Bundle("同进退", frozenset("AB")), Exclusion("互斥", frozenset("AB")), Quota("至少", minimum=3), *HUNDRED]
    found = conflict(ITEMS[:3], apart)
    assert {c.name for c in found.constraints} <= {"互斥", "至少", "总额", "同进退"}
    assert choose(ITEMS[:3], found.constraints) is None


def test_cut_excludes_exactly_one_answer():
    program = build(ITEMS, HUNDRED, preference("ABCD", None))
    x = np.array([1, 0, 1, 0])
    row = _cut_off(x)
    assert not row.holds(x)
    assert all(row.holds(np.array(bits)) for bits in np.ndindex(2, 2, 2, 2) if list(bits) != x.tolist())
    assert len(program.values) == 4


@pytest.mark.parametrize(
    ("items", "constraints", "said"),
    [
        ([item("A", 1, 1), item("A", 2, 2)], [], "互不重复的编号"),
        ([item("A", -1, 1)], [], "不小于0的数"),
        ([item("A", 1, "0.001")], [], "精确到分"),
        ([item("A", 1, -1)], [], "不小于0的金额"),
        ([item("A", 1, 1, levels=(Level(Decimal("1.2")),))], [], "0到1之间"),
        ([item("A", 1, 1, levels=())], [], "资助档次"),
        ([item("A", 1, 1)], [Budget("x", "2027", Decimal(1))], "专项"),
        ([item("A", 1, 1)], [Budget("x", "专项", Decimal(-1))], "预算“x”"),
        ([item("A", 1, 1)], [Quota("x")], "至少给出一个"),
        ([item("A", 1, 1)], [Quota("x", minimum=3, maximum=2)], "名额“x”"),
        ([item("A", 1, 1)], [Exclusion("x", frozenset({"Z"}))], "Z"),
        ([item("A", 1, 1)], [Quota("x", maximum=1), Quota("x", maximum=2)], "互不重名"),
        ([item("A", "0.1234567890123456789", 1), item("B", 9, 1)], [], "四舍五入"),
    ],
)
def test_what_cannot_be_meant_is_refused(items, constraints, said):
    with pytest.raises(InvalidValue, match=said):
        choose(items, constraints)
