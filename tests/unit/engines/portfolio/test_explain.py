from decimal import Decimal

import pytest
from hypothesis import given, settings

from tests.unit.engines.portfolio.worlds import every, item, problems
from xiandao.engines.portfolio import Budget, Bundle, Exclusion, Explanation, Item, Quota, choose
from xiandao.kernel import InvalidValue

HUNDRED = Budget("总额", "专项", Decimal(100))
ITEMS = [item("A", 90, 60), item("B", 80, 50), item("C", 75, 50, industry="量子"), item("D", 20, 40)]


def _explained(items, constraints):
    return Explanation(choose(items, constraints))


def test_price_of_a_constraint_is_the_value_lost_by_it():
    one_kind = Quota("氢能至多", "industry", frozenset({"氢能"}), maximum=1)
    found = _explained(ITEMS, [HUNDRED, one_kind, Quota("总数", maximum=9)])
    budget, quota, loose = (found.price(name) for name in ("总额", "氢能至多", "总数"))
    assert (budget.loss, budget.joined, budget.left) == (Decimal(10), ("A",), ("B",))
    assert (quota.loss, loose.loss) == (Decimal(0), Decimal(0))
    assert found.prices()[0].constraint == "总额"
    with pytest.raises(InvalidValue, match="约束的名称"):
        found.price("没有")


def test_constraints_that_stand_in_for_each_other_have_a_price_together():
    items = [
        Item(code, Decimal(value), {"2025": Decimal(4), "2026": Decimal(6)}) for code, value in (("A", 9), ("B", 8))
    ]
    found = _explained(items, [Budget("首年", "2025", Decimal(4)), Budget("次年", "2026", Decimal(6))])
    assert [found.price(name).loss for name in ("首年", "次年")] == [0, 0]
    both = found.price("首年", "次年")
    assert (both.constraint, both.loss, both.joined) == ("首年、次年", Decimal(8), ("B",))


def test_shadow_price_is_value_per_yuan():
    # In fractions: B and C whole would be 155; the relaxation fills with A at 1.5 a yuan.
    found = _explained([item("A", 90, 60), item("B", 80, 50)], [Budget("总额", "专项", Decimal(80))])
    assert found.price("总额").shadow == pytest.approx(1.5)


def test_reason_says_what_is_missing_and_what_would_go():
    found = _explained(ITEMS, [HUNDRED]).why("A", exact=True)
    assert [(b.constraint, b.over) for b in found.blockers] == [("总额", Decimal(60))]
    assert found.sentences[0] == "“总额”还差60元；增加这么多，不动其他项目即可选入A。"
    assert found.exchange is None
    assert found.forced.loss == Decimal(45)
    assert found.forced.displaced == ("B", "C")
    assert found.forced.joined == ("D",)
    assert found.least_loss <= found.forced.loss
    assert choose(ITEMS, [Budget("总额", "专项", Decimal(160))]).codes >= {"A", "B", "C"}


def test_cheapest_exchange_is_named():
    found = _explained([item("A", 90, 50), item("B", 80, 50), item("C", 75, 50)], [HUNDRED]).why("C")
    assert found.exchange == ("B", Decimal(5))
    assert found.forced is None
    assert "用它换下B可行，总价值减少5。" in found.sentences


def test_every_kind_of_blocker_speaks():
    items = [*ITEMS, item("E", 70, 1), item("F", 1, 1)]
    rules = [
        Quota("量子", "industry", frozenset({"量子"}), maximum=1),
        Exclusion("同一单位", frozenset("BE")),
        Quota("总数", maximum=2),
        Bundle("上下游", frozenset("DF")),
        HUNDRED,
        Quota("氢能金额", "industry", frozenset({"氢能"}), maximum=Decimal(50), fund="专项"),
    ]
    found = _explained(items, rules)
    assert found.chosen.codes == {"B", "C"}
    assert [b.constraint for b in found.why("E").blockers] == ["同一单位", "总数", "总额", "氢能金额"]
    assert "“同一单位”：与B互斥，会超出1个。" in found.why("E").sentences
    assert "“上下游”：须与F同进同退。" in found.why("D").sentences
    assert "“总数”已满，会超出1个。" in found.why("F").sentences
    assert "“氢能金额”会超出60元。" in found.why("A").sentences


def test_item_nothing_can_hold_is_told():
    found = _explained([item("A", 90, 200), item("B", 80, 50)], [HUNDRED]).why("A", exact=True)
    assert found.forced is None
    assert "任何满足其余约束的组合都容不下A。" in found.sentences


def test_chosen_or_unknown_items_have_no_reason():
    found = _explained(ITEMS, [HUNDRED])
    for code in ("B", "Z"):
        with pytest.raises(InvalidValue):
            found.why(code)


@given(problems())
@settings(max_examples=40, deadline=None)
def test_reasons_and_prices_are_those_of_all_selections_tried(problem):
    items, constraints = problem
    chosen = choose(items, constraints)
    if chosen is None:
        return
    found, tried = Explanation(chosen), list(every(items, constraints))
    for one in items:
        if one.code in chosen.codes:
            continue
        reason = found.why(one.code, exact=True)
        best = max((value for value, codes in tried if one.code in codes), default=None)
        assert (reason.forced is None) == (best is None)
        if best is not None:
            assert reason.forced.loss == chosen.value - best
            assert reason.least_loss <= reason.forced.loss
            assert reason.exchange is None or reason.exchange[1] >= reason.forced.loss
    for constraint in constraints:
        rest = max(value for value, _ in every(items, [c for c in constraints if c is not constraint]))
        assert found.price(constraint.name).loss == rest - chosen.value
        assert found.price_at_most(constraint.name) >= rest - chosen.value
    losses = [reason.least_loss for reason in found.marginal()]
    assert losses == sorted(losses)
