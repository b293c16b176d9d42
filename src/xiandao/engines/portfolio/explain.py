"""What each constraint costs, why an item was left out, and what would let it in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import numpy as np
from scipy import optimize, sparse

from xiandao.engines.portfolio.model import Budget, Bundle, Commitment, Constraint, Exclusion, Item, Quota
from xiandao.engines.portfolio.program import Exact, Floats, Ints, Program, Row
from xiandao.engines.portfolio.solve import SECONDS, Selection, selection, solve
from xiandao.kernel import InvalidValue, Money

_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True)
class Price:
    """What a constraint costs: `loss` in value against the best selection without it, `joined` and `left` then.

    `at_most`: a bound on the loss, equal to it where both selections are proven. `shadow`: value per yuan, or per item
    of a quota, by which it is loosened in the linear relaxation: additional, for small changes only, not the price.
    """

    constraint: str
    loss: Decimal
    at_most: Decimal
    joined: tuple[str, ...]
    left: tuple[str, ...]
    shadow: float


@dataclass(frozen=True, slots=True)
class Blocker:
    """A constraint that adding an item to the selection as it is would break, and by how much (yuan, or items)."""

    constraint: str
    over: Decimal
    sentence: str


@dataclass(frozen=True, slots=True)
class Forced:
    """The best selection with an item in it: value lost, what has to go, what comes besides; `proven` as ever."""

    loss: Decimal
    displaced: tuple[str, ...]
    joined: tuple[str, ...]
    proven: bool


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an item was left out.

    `blockers`: what stands against adding it while all others stay; their `over` is the smallest change of each that
    admits it so. Empty where it would fit but is worth nothing. `exchange`: the cheapest single item to give up for it
    and the value lost by that; `least_loss`: no selection with it loses less (linear relaxation). `forced`: the exact
    answer where it was asked for; None where no selection with it exists, told in `sentences`.
    """

    code: str
    share: Decimal
    blockers: tuple[Blocker, ...]
    exchange: tuple[str, Decimal] | None
    least_loss: Decimal
    forced: Forced | None
    sentences: tuple[str, ...]


class Explanation:
    """Answers about a selection: one linear program is solved at first need; prices and `forced` solve when asked."""

    def __init__(self, chosen: Selection, *, seconds: float = SECONDS) -> None:
        self.chosen, self.program, self.seconds = chosen, chosen.program, seconds

    @cached_property
    def _exact(self) -> Exact:
        return self.program.exact()

    @cached_property
    def _sums(self) -> Ints:
        return np.asarray(self._exact.table @ self.chosen.x, np.int64)

    @cached_property
    def _relaxed(self) -> tuple[float, Floats, Floats]:
        """Value of the linear relaxation, value lost per column raised from 0, and value per unit of each row."""
        return _relax(self.program, self.program.rows)

    def price(self, *names: str) -> Price:
        """Return the price of one constraint, or of several taken away together, by solving without them.

        Constraints may stand in for each other: of three budgets for instalments of the same amounts each alone costs
        nothing, and all together what the money costs. Raises `InvalidValue` for an unknown name.
        """
        owners = [self._owner(name) for name in names]
        name, shadow = "、".join(names), sum(map(self._shadow, owners))
        if not self.price_at_most(*names):
            return Price(name, Decimal(0), Decimal(0), (), (), shadow)  # even in fractions nothing is to be gained
        found = solve(self.program, self.program.without(owners), seconds=self.seconds)
        if found is None:  # the selection itself meets what is left
            raise InvalidValue(name, "可行的其余约束", "求解器结论前后不一，请把金额统一取整后再算", "约束")
        without = selection(self.program, found[0], found[1])
        if without.value <= self.chosen.value:
            return Price(name, Decimal(0), without.bound - self.chosen.value, (), (), shadow)
        return Price(
            constraint=name,
            loss=without.value - self.chosen.value,
            at_most=without.bound - self.chosen.value,
            joined=tuple(sorted(without.codes - self.chosen.codes)),
            left=tuple(sorted(self.chosen.codes - without.codes)),
            shadow=shadow,
        )

    def price_at_most(self, *names: str) -> Decimal:
        """Return a bound that the price does not exceed, from the relaxation without the constraints; at once."""
        rows = self.program.without([self._owner(name) for name in names])
        most = int(np.floor(_relax(self.program, rows)[0] + _ROUNDING))
        return max(self.program.worth(most) - self.chosen.value, Decimal(0))

    def prices(self) -> tuple[Price, ...]:
        """Return the price of every constraint, the dearest first; as many programs as constraints, at most."""
        found = [self.price(constraint.name) for constraint in self.program.constraints]
        return tuple(sorted(found, key=lambda price: (-price.loss, -price.shadow, price.constraint)))

    def marginal(self, number: int = 10) -> tuple[Reason, ...]:
        """Return the reasons of the left-out items nearest to being chosen, by `least_loss`, without solving anew."""
        reasons = [self.why(item.code) for item in self._left_by_loss()[:number]]
        return tuple(reasons)

    def why(self, code: str, *, exact: bool = False) -> Reason:
        """Return why an item was left out; with `exact` the best selection that has it is solved for.

        Raises `InvalidValue` for an item that is unknown or was chosen.
        """
        columns = self.program.columns_of(code)
        if self.chosen.x[columns].any():
            raise InvalidValue(code, "没有入选的项目", what="项目")
        column = self._nearest(columns)
        blockers = self._blockers(column)
        exchange = self._exchange(columns)
        forced = self._force(columns) if exact else None
        least = self.program.worth(self._least_loss(columns))
        sentences = [blocker.sentence for blocker in blockers] or [f"{code}装得下，但不增加总价值。"]
        if exchange is not None:
            sentences.append(f"用它换下{exchange[0]}可行，总价值减少{exchange[1]}。")
        if exact and forced is None:
            sentences.append(f"任何满足其余约束的组合都容不下{code}。")
        if forced is not None:
            out = "、".join(forced.displaced) or "无"
            sentences.append(f"若必须选它，总价值最少减少{forced.loss}，换下的项目：{out}。")
        share = self.program.level(column).share
        return Reason(code, share, tuple(blockers), exchange, least, forced, tuple(sentences))

    def _owner(self, name: str) -> int:
        for owner, constraint in enumerate(self.program.constraints):
            if constraint.name == name:
                return owner
        raise InvalidValue(name, "约束的名称", what="约束")

    def _shadow(self, owner: int) -> float:
        """Return the value per yuan or per item of the rows of a constraint in the relaxation."""
        per_step = sum(w for w, row in zip(self._relaxed[2], self.program.rows, strict=True) if row.owner == owner)
        return float(per_step) * _unit(self.program.constraints[owner]) * float(self.program.worth(1))

    def _left_by_loss(self) -> list[Item]:
        """Return the items not chosen, the one with the least loss first."""
        taken = np.bincount(self.program.column_item, self.chosen.x, len(self.program.items)) > 0
        left = np.flatnonzero(~taken)
        losses = [self._least_loss(np.flatnonzero(self.program.column_item == item)) for item in left]
        return [self.program.items[left[i]] for i in np.argsort(losses, kind="stable")]

    def _least_loss(self, columns: Ints) -> int:
        """Return in steps what any selection with one of the columns loses at least: value − ⌊LP − reduced value⌋."""
        bound, reduced, _ = self._relaxed
        most = np.floor(bound - reduced[columns].min() + _ROUNDING)
        return max(int(self.program.values @ self.chosen.x) - int(most), 0)

    def _excess(self, columns: Ints) -> Ints:
        """Return shape (r, k): by how much each row is broken when a column is added."""
        sums = self._sums[:, None] + self._exact.table[:, columns]
        over, under = sums - self._exact.high[:, None], self._exact.low[:, None] - sums
        return np.asarray(np.maximum(np.maximum(over, under), 0), np.int64)

    def _nearest(self, columns: Ints) -> int:
        """Return the column that breaks the fewest rows, the most valuable among them."""
        broken = (self._excess(columns) > 0).sum(axis=0)
        return int(columns[np.lexsort((-self.program.values[columns], broken))[0]])

    def _blockers(self, column: int) -> list[Blocker]:
        excess = self._excess(np.array([column]))[:, 0]
        worst: dict[int, int] = {}
        for place in np.flatnonzero(excess):
            owner = self.program.rows[place].owner
            worst[owner] = max(worst.get(owner, 0), int(excess[place]))
        return [_blocker(self.program, owner, amount, column) for owner, amount in sorted(worst.items())]

    def _exchange(self, columns: Ints) -> tuple[str, Decimal] | None:
        """Return the chosen item whose exchange for one of the columns is feasible and loses least."""
        chosen = np.flatnonzero(self.chosen.x)
        best: tuple[int, int] | None = None
        for column in columns:
            gone = self._sums[:, None] - self._exact.table[:, chosen] + self._exact.table[:, [column]]
            fitting = chosen[self._exact.holds(gone)]
            if fitting.size:
                losses = self.program.values[fitting] - self.program.values[column]
                place = int(np.argmin(losses))
                if best is None or losses[place] < best[1]:
                    best = int(fitting[place]), int(losses[place])
        if best is None:
            return None
        return self.program.items[self.program.column_item[best[0]]].code, self.program.worth(best[1])

    def _force(self, columns: Ints) -> Forced | None:
        found = solve(self.program, self.program.rows, forced=columns.tolist(), seconds=self.seconds)
        if found is None:
            return None
        code = self.program.items[self.program.column_item[columns[0]]].code
        with_it = selection(self.program, found[0], found[1])
        return Forced(
            loss=self.chosen.value - with_it.value,
            displaced=tuple(sorted(self.chosen.codes - with_it.codes)),
            joined=tuple(sorted(with_it.codes - self.chosen.codes - {code})),
            proven=with_it.proven,
        )


def _relax(program: Program, rows: Sequence[Row]) -> tuple[float, Floats, Floats]:
    """Return value of the linear relaxation, reduced value of each column at 0, and value per unit of each row."""
    if not len(program.values):
        return 0.0, np.zeros(0), np.zeros(len(rows))
    matrix, low, high = program.matrix(rows)
    upper, lower = np.flatnonzero(np.isfinite(high)), np.flatnonzero(np.isfinite(low))
    result = optimize.linprog(
        -program.values.astype(np.float64),
        A_ub=sparse.vstack([matrix[upper], -matrix[lower]]) if rows else None,
        b_ub=np.concatenate([high[upper], -low[lower]]) if rows else None,
        bounds=(0, 1),
        method="highs",
    )
    per_row = np.zeros(len(rows))
    if rows:
        np.add.at(per_row, upper, -result.ineqlin.marginals[: len(upper)])
        np.add.at(per_row, lower, -result.ineqlin.marginals[len(upper) :])
        per_row /= np.array([np.gcd.reduce(row.coefficients) if len(row.coefficients) else 1 for row in rows])
    return -float(result.fun), np.asarray(result.lower.marginals), per_row


def _unit(constraint: Constraint) -> int:
    """Return how many whole steps of a row make one unit for people: 100 fen a yuan."""
    money = isinstance(constraint, Budget) or (isinstance(constraint, Quota) and constraint.fund is not None)
    return 100 if money else 1


def _blocker(program: Program, owner: int, excess: int, column: int) -> Blocker:
    """Return a broken constraint in words."""
    if owner < 0:
        return Blocker("", Decimal(excess), "同一项目只能按一个档次资助。")
    constraint = program.constraints[owner]
    over = Decimal(excess) / _unit(constraint)
    code = program.items[program.column_item[column]].code
    name = constraint.name
    match constraint:
        case Budget():
            said = f"“{name}”还差{Money(over).text()}；增加这么多，不动其他项目即可选入{code}。"
        case Quota(_, _, _, _, _, fund) if fund is not None:
            said = f"“{name}”会超出{Money(over).text()}。"
        case Quota():
            said = f"“{name}”已满，会超出{over}个。"
        case Exclusion(_, codes):
            taken = "、".join(sorted(codes - {code}))
            said = f"“{name}”：与{taken}互斥，会超出{over}个。"
        case Bundle(_, codes):
            said = f"“{name}”：须与{'、'.join(sorted(codes - {code}))}同进同退。"
        case Commitment():
            said = f"“{name}”不满足。"
    return Blocker(name, over, said)
