"""What can be chosen (Item) and under which constraints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType

from xiandao.kernel import InvalidValue

FULL = Decimal(1)
_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Level:
    """A level of funding: `share` of the full cost within (0, 1]; `value` None is the same share of the full value."""

    share: Decimal
    value: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to choose or leave.

    `value`: what it is worth, for instance score × weight; not negative. `costs`: yuan by fund or year, by the keys
    the budgets use. `labels`: group of each kind: {"industry": "氢能", "city": "南京"}. `levels`: at which it may be
    funded; at full cost if none are given. `committed`: already decided, at whatever level fits.
    """

    code: str
    value: Decimal
    costs: Mapping[str, Decimal]
    labels: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    levels: tuple[Level, ...] = (Level(FULL),)
    committed: bool = False


@dataclass(frozen=True, slots=True)
class Budget:
    """What is chosen may cost at most `amount` yuan of one fund or year."""

    name: str
    fund: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Quota:
    """At least and at most so many chosen items, or yuan of `fund` if one is named, of one group.

    `label` "" means all items; else those whose label of that kind is among `groups`.
    """

    name: str
    label: str = ""
    groups: frozenset[str] = frozenset()
    minimum: Decimal | int | None = None
    maximum: Decimal | int | None = None
    fund: str | None = None

    def holds(self, item: Item) -> bool:
        """Return whether the quota counts an item."""
        return not self.label or item.labels.get(self.label) in self.groups


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Of these items at most `most` may be chosen."""

    name: str
    items: frozenset[str]
    most: int = 1


@dataclass(frozen=True, slots=True)
class Bundle:
    """These items are chosen together or not at all."""

    name: str
    items: frozenset[str]


@dataclass(frozen=True, slots=True)
class Commitment:
    """An item already decided; made from `Item.committed`."""

    name: str
    item: str


Constraint = Budget | Quota | Exclusion | Bundle | Commitment


def check(items: Mapping[str, Item], constraints: tuple[Constraint, ...]) -> None:
    """Raise `InvalidValue` for items or constraints that cannot be meant."""
    names = [constraint.name for constraint in constraints]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise InvalidValue(twice, "互不重名的约束", what="约束")
    funds = {fund for item in items.values() for fund in item.costs}
    for item in items.values():
        _check_item(item)
    for constraint in constraints:
        _check_constraint(constraint, items, funds)


def _check_constraint(constraint: Constraint, items: Mapping[str, Item], funds: set[str]) -> None:
    match constraint:
        case Budget(name, fund, amount):
            if not amount.is_finite() or amount < 0:
                raise InvalidValue(amount, "不小于0的金额", what=f"预算“{name}”")
            _check_fund(name, fund, funds)
        case Quota(name, _, _, low, high, fund):
            if (low is None and high is None) or (low is not None and high is not None and low > high):
                raise InvalidValue(f"{low}–{high}", "不大于上限的下限，至少给出一个", what=f"名额“{name}”")
            if fund is not None:
                _check_fund(name, fund, funds)
        case Exclusion(name, codes) | Bundle(name, codes):
            unknown = sorted(codes - items.keys())
            if unknown or not codes:
                raise InvalidValue("、".join(unknown), "待选项目的编号", what=f"“{name}”中的项目")


def _check_item(item: Item) -> None:
    what = f"项目{item.code}"
    if not item.value.is_finite() or item.value < 0:
        raise InvalidValue(item.value, "不小于0的数", what=f"{what}的价值")
    for fund, amount in item.costs.items():
        if not amount.is_finite() or amount < 0:
            raise InvalidValue(amount, "不小于0的金额", what=f"{what}的{fund}费用")
        if amount * 100 != int(amount * 100):
            raise InvalidValue(amount, "精确到分的金额", "请先取整到分", f"{what}的{fund}费用")
    shares = [level.share for level in item.levels]
    if not shares or len(set(shares)) < len(shares) or not all(0 < share <= 1 for share in shares):
        raise InvalidValue("、".join(map(str, shares)), "0到1之间、互不相同的比例", what=f"{what}的资助档次")
    if any(level.value is not None and level.value < 0 for level in item.levels):
        raise InvalidValue("负数", "不小于0的数", what=f"{what}的分档价值")


def _check_fund(name: str, fund: str, funds: set[str]) -> None:
    if fund not in funds:
        raise InvalidValue(fund, f"项目费用中出现的资金：{'、'.join(sorted(funds))}", what=f"“{name}”的资金")
