"""Invented portfolios, and a slow selector that tries every combination."""

from decimal import Decimal
from itertools import product

from hypothesis import strategies as st

from xiandao.engines.portfolio import Budget, Bundle, Exclusion, Item, Level, Quota

HALVES = (Level(Decimal(1)), Level(Decimal("0.6")))


def item(code, value, cost, *, industry="氢能", city="南京", **more):
    """Return an item with one fund, in yuan."""
    return Item(code, Decimal(str(value)), {"专项": Decimal(str(cost))}, {"industry": industry, "city": city}, **more)


def meets(picked, constraints):
    """Return whether {item: level} meets every constraint, in Decimal."""

    def cost(one, level, fund):
        return (one.costs.get(fund, Decimal(0)) * level.share * 100).to_integral_value("ROUND_HALF_UP") / 100

    codes = {one.code for one, _ in picked}
    for c in constraints:
        match c:
            case Budget(_, fund, amount):
                good = sum(cost(one, level, fund) for one, level in picked) <= amount
            case Quota(_, label, groups, low, high, fund):
                inside = [(o, k) for o, k in picked if not label or o.labels.get(label) in groups]
                total = len(inside) if fund is None else sum(cost(o, k, fund) for o, k in inside)
                good = (low is None or total >= low) and (high is None or total <= high)
            case Exclusion(_, items, most):
                good = len(codes & items) <= most
            case Bundle(_, items):
                good = codes & items in (set(), items)
        if not good:
            return False
    return True


def every(items, constraints):
    """Yield (value, codes) of every selection that meets all constraints and keeps what is committed."""
    for levels in product(*[[None, *one.levels] for one in items]):
        picked = [(one, level) for one, level in zip(items, levels, strict=True) if level is not None]
        if all(one.committed <= any(o is one for o, _ in picked) for one in items) and meets(picked, constraints):
            value = sum((o.value * k.share if k.value is None else k.value for o, k in picked), Decimal(0))
            yield value, frozenset(o.code for o, _ in picked)


@st.composite
def problems(draw):
    """Return (items, constraints) small enough to try every selection."""
    number = draw(st.integers(1, 6))
    items = [
        item(
            f"P{i}",
            Decimal(draw(st.integers(0, 60))) / 2,
            Decimal(draw(st.integers(0, 2000))) / 100,
            industry=draw(st.sampled_from(["氢能", "量子"])),
            levels=draw(st.sampled_from([HALVES[:1], HALVES])),
            committed=draw(st.integers(0, 7)) == 0,
        )
        for i in range(number)
    ]
    constraints = [Budget("总额", "专项", Decimal(draw(st.integers(0, 5000))) / 100)]
    low = draw(st.integers(0, 2))
    constraints.append(Quota("氢能", "industry", frozenset({"氢能"}), low, low + draw(st.integers(0, 2))))
    codes = st.frozensets(st.sampled_from([one.code for one in items]), min_size=1, max_size=3)
    if draw(st.booleans()):
        constraints.append(Exclusion("互斥", draw(codes)))
    if draw(st.booleans()):
        constraints.append(Bundle("同进退", draw(codes)))
    if draw(st.booleans()):
        constraints.append(
            Quota("量子金额", "industry", frozenset({"量子"}), maximum=draw(st.integers(5, 25)), fund="专项")
        )
    return items, constraints
