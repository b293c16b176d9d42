"""The integer program behind a portfolio: columns, rows and exact whole numbers.

Variables x_{i,l} ∈ {0, 1}: item i at level l. Values are whole multiples of one decimal step, amounts are whole fen, so
that sums are exact; for the solver each row is divided by its greatest common divisor.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import numpy.typing as npt
from scipy import sparse

from xiandao.engines.portfolio.model import (
    Budget,
    Bundle,
    Commitment,
    Constraint,
    Exclusion,
    Item,
    Level,
    Quota,
    check,
)
from xiandao.kernel import InvalidValue

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_BEYOND = 2**62
LARGEST = 2**53
"""Whole numbers up to here are exact in the solver's floating point."""


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """low ≤ Σ coefficients · x[columns] ≤ high, whole numbers; `owner`: index of the constraint, −1 for one level."""

    owner: int
    columns: Ints
    coefficients: Ints
    low: int | None
    high: int | None

    def sum(self, chosen: Ints) -> int:
        """Return the exact sum for x as 0 and 1."""
        return int(self.coefficients @ chosen[self.columns])

    def holds(self, chosen: Ints) -> bool:
        """Return whether the row is met exactly."""
        total = self.sum(chosen)
        return (self.low is None or total >= self.low) and (self.high is None or total <= self.high)


@dataclass(frozen=True, slots=True, eq=False)
class Exact:
    """low ≤ table · x ≤ high in whole numbers: shapes (r, v), (r,), (r,)."""

    table: Ints
    low: Ints
    high: Ints

    def holds(self, sums: Ints) -> npt.NDArray[np.bool_]:
        """Return shape (k,): which columns of sums, shape (r, k), meet every row."""
        within = (sums >= self.low[:, None]) & (sums <= self.high[:, None])
        return np.asarray(within.all(axis=0), np.bool_)


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """Items in order of preference among equals, their columns, and the rows of all constraints.

    `column_item`: shape (v,), index into `items`; `column_level`: shape (v,), into the item's levels; `values`: shape
    (v,), in steps of 10^−`digits`.
    """

    items: tuple[Item, ...]
    constraints: tuple[Constraint, ...]
    column_item: Ints
    column_level: Ints
    values: Ints
    digits: int
    rows: tuple[Row, ...]

    def level(self, column: int) -> Level:
        """Return the level of a column."""
        levels: tuple[Level, ...] = self.items[int(self.column_item[column])].levels
        return levels[int(self.column_level[column])]

    def columns_of(self, code: str) -> Ints:
        """Return the columns of an item. Raises `InvalidValue` for an unknown one."""
        for index, item in enumerate(self.items):
            if item.code == code:
                return np.flatnonzero(self.column_item == index)
        raise InvalidValue(code, "待选项目的编号", what="项目")

    def worth(self, steps: int) -> Decimal:
        """Return a value in its own unit."""
        return Decimal(steps).scaleb(-self.digits)

    def without(self, owners: Iterable[int]) -> tuple[Row, ...]:
        """Return the rows without those of some constraints."""
        gone = set(owners)
        return tuple(row for row in self.rows if row.owner not in gone)

    def exact(self) -> Exact:
        """Return all rows as whole numbers in one table."""
        table = np.zeros((len(self.rows), len(self.values)), np.int64)
        for place, row in enumerate(self.rows):
            np.add.at(table[place], row.columns, row.coefficients)
        low = np.array([-_BEYOND if row.low is None else row.low for row in self.rows], np.int64)
        high = np.array([_BEYOND if row.high is None else row.high for row in self.rows], np.int64)
        return Exact(table, low, high)

    def matrix(self, rows: Sequence[Row]) -> tuple[sparse.csr_matrix, Floats, Floats]:
        """Return the rows for the solver, each divided by its greatest common divisor, with their bounds."""
        data, lows, highs = [], [], []
        for row in rows:
            divisor = math.gcd(*row.coefficients.tolist()) or 1
            data.append(row.coefficients // divisor)
            lows.append(-np.inf if row.low is None else -(-row.low // divisor))
            highs.append(np.inf if row.high is None else row.high // divisor)
        pointer = np.cumsum([0, *(len(row.columns) for row in rows)])
        columns = np.concatenate([row.columns for row in rows]) if rows else np.zeros(0, np.int64)
        values = np.concatenate(data).astype(np.float64) if rows else np.zeros(0)
        shape = (len(rows), len(self.values))
        return sparse.csr_matrix((values, columns, pointer), shape=shape), np.array(lows, float), np.array(highs, float)


def build(items: Sequence[Item], constraints: Sequence[Constraint], order: Mapping[str, int]) -> Program:
    """Return the program; `order` says which of equal items is preferred, the least first."""
    by_code = {item.code: item for item in items}
    if len(by_code) < len(items):
        raise InvalidValue("项目编号", "互不重复的编号", what="待选项目")
    ordered = tuple(sorted(items, key=lambda item: (-item.value, order[item.code])))
    committed = tuple(Commitment(f"已定项目{item.code}", item.code) for item in ordered if item.committed)
    every = (*constraints, *committed)
    check(by_code, every)
    column_item = np.repeat(np.arange(len(ordered)), [len(item.levels) for item in ordered])
    column_level = np.concatenate([np.arange(len(i.levels)) for i in ordered] or [np.zeros(0, np.int64)])
    worth = [_value(ordered[i], ordered[i].levels[k]) for i, k in zip(column_item, column_level, strict=True)]
    digits = max((-int(value.normalize().as_tuple().exponent) for value in worth if value), default=0)
    digits = max(digits, 0)
    values = [int(value.scaleb(digits)) for value in worth]
    if sum(values) >= LARGEST:
        raise InvalidValue(sum(worth), "位数更少的价值", "请把价值四舍五入到两三位小数", "价值合计")
    program = Program(
        ordered, every, column_item, column_level.astype(np.int64), np.array(values, np.int64), digits, ()
    )
    rows = [*_one_level(program), *(r for k, c in enumerate(every) for r in _rows(program, k, c))]
    return Program(ordered, every, column_item, program.column_level, program.values, digits, tuple(rows))


def _value(item: Item, level: Level) -> Decimal:
    return item.value * level.share if level.value is None else level.value


def fen(item: Item, level: Level, fund: str) -> int:
    """Return what an item takes of a fund at a level, in whole fen, half a fen rounded up."""
    amount = item.costs.get(fund, Decimal(0)) * level.share * 100
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))


def _one_level(program: Program) -> list[Row]:
    """Return the rows that let an item be funded at one level only."""
    counts = np.bincount(program.column_item, minlength=len(program.items))
    many = [np.flatnonzero(program.column_item == index) for index in np.flatnonzero(counts > 1)]
    return [Row(-1, columns, np.ones(len(columns), np.int64), None, 1) for columns in many]


def _rows(program: Program, owner: int, constraint: Constraint) -> list[Row]:
    """Return the rows of one constraint."""
    match constraint:
        case Budget(_, fund, amount):
            return [_money(program, owner, fund, np.ones(len(program.items), np.bool_), (None, amount))]
        case Quota(_, _, _, low, high, fund):
            counted = np.array([constraint.holds(item) for item in program.items], np.bool_)
            bounds = tuple(None if bound is None else Decimal(bound) for bound in (low, high))
            if fund is not None:
                return [_money(program, owner, fund, counted, (bounds[0], bounds[1]))]
            least, most = (
                None if b is None else int(b.to_integral_value(how)) for b, how in zip(bounds, _WHOLE, strict=True)
            )
            return [_count(program, owner, counted, least, most)]
        case Exclusion(_, codes, most):
            return [_count(program, owner, _members(program, codes), None, most)]
        case Commitment(_, code):
            return [_count(program, owner, _members(program, {code}), 1, None)]
        case Bundle(_, codes):
            return _together(program, owner, codes)


_WHOLE = ("ROUND_CEILING", "ROUND_FLOOR")


def _members(program: Program, codes: Iterable[str]) -> npt.NDArray[np.bool_]:
    wanted = set(codes)
    return np.array([item.code in wanted for item in program.items], np.bool_)


def _count(program: Program, owner: int, counted: npt.NDArray[np.bool_], low: int | None, high: int | None) -> Row:
    columns = np.flatnonzero(counted[program.column_item])
    return Row(owner, columns, np.ones(len(columns), np.int64), low, high)


def _money(
    program: Program,
    owner: int,
    fund: str,
    counted: npt.NDArray[np.bool_],
    bounds: tuple[Decimal | None, Decimal | None],
) -> Row:
    columns = np.flatnonzero(counted[program.column_item])
    costs = [fen(program.items[program.column_item[c]], program.level(c), fund) for c in columns.tolist()]
    name = program.constraints[owner].name
    if sum(costs) >= LARGEST:
        raise InvalidValue(name, "合计不超过九十万亿元的费用", what="预算")
    paid = np.array([c for c, cost in zip(columns, costs, strict=True) if cost], np.int64)
    low, high = (
        None if b is None else int((b * 100).to_integral_value(how)) for b, how in zip(bounds, _WHOLE, strict=True)
    )
    return Row(owner, paid, np.array([cost for cost in costs if cost], np.int64), low, high)


def _together(program: Program, owner: int, codes: frozenset[str]) -> list[Row]:
    """Return rows that make every member of a bundle chosen as often as the first."""
    members = [np.flatnonzero(_members(program, {code})[program.column_item]) for code in sorted(codes)]
    return [
        Row(
            owner,
            np.concatenate([other, members[0]]),
            np.concatenate([np.ones(len(other), np.int64), -np.ones(len(members[0]), np.int64)]),
            0,
            0,
        )
        for other in members[1:]
    ]
