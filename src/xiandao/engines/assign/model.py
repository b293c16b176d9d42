"""What is assigned (Problem) and what comes of it (Assignment, or Impossible with a way out)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Final

import numpy as np
from numpy.typing import NDArray

from xiandao.kernel import InvalidValue

UNIT: Final = 1_000_000
"""Suitability is counted in millionths: rounded once on entry, exact ever after."""
FORBIDDEN: Final = -1

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Bounds = tuple[int, int]


class Mode(StrEnum):
    """WEAKEST: the best attainable weakest pair, then the largest total. FAIREST: the largest total of the
    worst-served proposal, then the largest total found under it.
    """

    WEAKEST = "weakest"
    FAIREST = "fairest"


@dataclass(frozen=True, slots=True)
class Quota:
    """How many experts of a kind each proposal has: from `least` to `most`, and as a share of its experts.

    `kind`: one of the types experts have. `proposals`: whom it binds, None for all.
    """

    kind: str
    least: int = 0
    most: int | None = None
    least_share: Fraction = Fraction(0)
    most_share: Fraction | None = None
    proposals: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """How much an integer program may do: nodes of one search, rounds of pricing or improving. No clock: repeatable."""

    nodes: int = 200
    rounds: int = 40


@dataclass(frozen=True)
class Problem:
    """Proposals (P) and experts (E), and everything an assignment has to keep.

    `suitability`: (P, E), each in [0, 1], NaN where the pair is forbidden; `reasons` may say why, by (proposal,
    expert). `need`, `load`: (least, most) experts of each proposal, proposals of each expert; one pair for all, or
    one each. `employers`: of each expert, "" unknown; at most one expert of an employer on a proposal. `cities`: of
    each expert, "" unknown; at most `city_most`, and at most `city_share` of a proposal's experts, from one city.
    `kinds`: the types of each expert, bound by `quotas`. `fixed` pairs are assigned whatever their suitability;
    `forbidden` pairs never. `floor`: pairs below it are not assigned. `seed` decides between assignments that are
    equally good. Raises `InvalidValue` where shapes, ids or bounds do not fit, or a pair is both fixed and forbidden.
    """

    proposals: tuple[str, ...]
    experts: tuple[str, ...]
    suitability: Floats
    need: Bounds | tuple[Bounds, ...]
    load: Bounds | tuple[Bounds, ...]
    seed: str
    employers: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    city_most: int | None = None
    city_share: Fraction | None = None
    kinds: tuple[frozenset[str], ...] = ()
    quotas: tuple[Quota, ...] = ()
    fixed: frozenset[tuple[str, str]] = frozenset()
    forbidden: frozenset[tuple[str, str]] = frozenset()
    floor: float = 0.0
    reasons: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        shape = (len(self.proposals), len(self.experts))
        for ids, what in ((self.proposals, "申报编号"), (self.experts, "专家编号")):
            twice = [key for key, times in Counter(ids).items() if times > 1]
            if twice:
                raise InvalidValue("、".join(twice), "各不相同", "请合并或更正", what)
        if self.suitability.shape != shape:
            raise InvalidValue(self.suitability.shape, f"{shape} 的矩阵", "行为申报，列为专家", "匹配度")
        with np.errstate(invalid="ignore"):
            if ((self.suitability < 0) | (self.suitability > 1)).any():
                raise InvalidValue("超出范围的数", "0 到 1 之间的数，不能评的为 NaN", "请检查匹配度的计算", "匹配度")
        _bounds(self.need, shape[0], "每项申报的评审人数")
        _bounds(self.load, shape[1], "每名专家的评审项数")
        for values, what in ((self.employers, "专家单位"), (self.cities, "专家所在市"), (self.kinds, "专家类型")):
            if values and len(values) != shape[1]:
                raise InvalidValue(len(values), f"{shape[1]} 个，每名专家一个", "没有的一律不给", what)
        self._check_pairs()

    def _check_pairs(self) -> None:
        known, people = set(self.proposals), set(self.experts)
        for proposal, expert in (*self.fixed, *self.forbidden):
            if proposal not in known or expert not in people:
                raise InvalidValue(f"{proposal}—{expert}", "已有的申报和专家", "请核对编号", "指定或禁止的配对")
        both = self.fixed & self.forbidden
        rows = {key: row for row, key in enumerate(self.proposals)} if self.fixed else {}
        columns = {key: column for column, key in enumerate(self.experts)} if self.fixed else {}
        both |= {pair for pair in self.fixed if np.isnan(self.suitability[rows[pair[0]], columns[pair[1]]])}
        if both:
            shown = "、".join(f"{proposal}—{expert}" for proposal, expert in sorted(both))
            raise InvalidValue(shown, "没有回避关系的配对", "指定的不能同时被禁止；请取消指定", "指定的配对")


@dataclass(frozen=True, slots=True)
class Pair:
    """One expert on one proposal. `fixed`: it was given, not chosen."""

    proposal: str
    expert: str
    suitability: float
    fixed: bool


@dataclass(frozen=True, slots=True)
class Served:
    """One side of an assignment: a proposal with its experts, or an expert with his proposals.

    `total`, `weakest` of the suitabilities of its pairs; `weakest` is None where there is no pair.
    """

    key: str
    others: tuple[str, ...]
    total: float
    weakest: float | None


@dataclass(frozen=True, slots=True)
class Bound:
    """A value that was reached, the bound nothing can exceed, and whether the first is proven to be the best."""

    value: float
    bound: float
    proven: bool

    @property
    def gap(self) -> float:
        """How far the value may lie below the best, as a share of the bound."""
        return 0.0 if self.proven or self.bound <= 0 else max(0.0, (self.bound - self.value) / self.bound)


@dataclass(frozen=True)
class Assignment:
    """Pairs in the order of the problem, with summaries and what is proven of them.

    `weakest`: least suitability of a chosen pair (None: all pairs were fixed). `total`: the sum over all pairs.
    `worst`: the total of the worst-served proposal; given in mode FAIREST only. `method`: flow or program.
    `holding`: the proposals and experts between which a better weakest pair fails; empty if nothing is known.
    """

    pairs: tuple[Pair, ...]
    proposals: tuple[Served, ...]
    experts: tuple[Served, ...]
    weakest: Bound | None
    total: Bound
    worst: Bound | None
    mode: Mode
    method: str
    holding: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())


@dataclass(frozen=True, slots=True)
class Shortage:
    """A bound that cannot hold (Hall): `needed` reviews of these keys against `available` ones of those who could give
    them. `side`: "proposals" (keys are proposals) or "experts" (keys are experts whose least load cannot be reached).
    """

    side: str
    keys: tuple[str, ...]
    others: tuple[str, ...]
    needed: int
    available: int
    words: str


@dataclass(frozen=True, slots=True)
class Change:
    """One number to change: `what` is need_least, load_most, load_least or quota; `by` how much, `key` for whom."""

    what: str
    key: str
    by: int


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A set of changes, as small as its kind allows, with which an assignment exists; `words` says it in Chinese.

    `least`: proven that no smaller number of such changes works.
    """

    changes: tuple[Change, ...]
    words: str
    least: bool = True


@dataclass(frozen=True, slots=True)
class Impossible:
    """No assignment keeps every bound: what clashes, and what would work. `decided` False: none was found in time."""

    shortages: tuple[Shortage, ...]
    relaxations: tuple[Relaxation, ...]
    words: str
    decided: bool = True


def pairs_of(bounds: Bounds | tuple[Bounds, ...], count: int) -> Ints:
    """Return bounds as an array (count, 2)."""
    given = np.asarray(bounds, dtype=np.int64)
    return np.broadcast_to(given, (count, 2)).copy() if given.ndim == 1 else given.reshape(count, 2)


def _bounds(bounds: Bounds | tuple[Bounds, ...], count: int, what: str) -> None:
    flat: Iterable[object] = bounds
    if bounds and isinstance(bounds[0], tuple):
        flat = [number for pair in bounds for number in (pair if isinstance(pair, tuple) else (pair,))]
        if len(bounds) != count:
            raise InvalidValue(len(bounds), f"{count} 对（最少，最多）", "请给一对，或每项一对", what)
    if not all(isinstance(number, (int, np.integer)) and not isinstance(number, bool) for number in flat):
        raise InvalidValue(bounds, "整数对（最少，最多）", "请核对", what)
    table = pairs_of(bounds, count) if count else np.empty((0, 2), dtype=np.int64)
    wrong = (table[:, 0] < 0) | (table[:, 0] > table[:, 1])
    if wrong.any():
        least, most = table[int(np.flatnonzero(wrong)[0])]
        raise InvalidValue(f"{least}—{most}", "0 ≤ 最少 ≤ 最多", "请核对", what)
