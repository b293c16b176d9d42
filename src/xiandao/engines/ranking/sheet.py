"""From scores by criterion to one total for each reviewer and proposal, on a scale of 0 to 100."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from xiandao.engines.ranking.model import FIRST_ROUND, Bools, Criterion, Floats, Ints, Partial, ScoreTable, Void
from xiandao.kernel import InvalidValue

FULL = 100.0
"""Totals and criteria are told on a scale of 0 to FULL, whatever the scales of the form."""
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """The counted totals of one round: m rows, one for each (proposal, reviewer), by proposal, then reviewer.

    `proposals`: those with a total, sorted; `unscored`: those without. `proposal`, `reviewer`: shape (m,), indices.
    `total`: shape (m,), 0–100. `parts`: shape (m, c), each criterion on 0–100, NaN where abstained. `starts`: shape
    (p,), the first row of each proposal. `group`: shape (p,), which proposals chains of common reviewers connect.
    `abstained`, `voided`: pairs (proposal, reviewer) that do not count, and why they do not.
    """

    proposals: tuple[str, ...]
    reviewers: tuple[str, ...]
    criteria: tuple[str, ...]
    proposal: Ints
    reviewer: Ints
    total: Floats
    parts: Floats
    starts: Ints
    group: Ints
    unscored: tuple[str, ...]
    abstained: tuple[tuple[str, str], ...]
    voided: tuple[tuple[str, str], ...]

    @property
    def counts(self) -> Ints:
        """Shape (p,): how many totals each proposal has."""
        return np.diff(np.append(self.starts, len(self.total)))

    @property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """The proposals of each connected group, the largest group first."""
        number = int(self.group.max(initial=-1)) + 1
        return tuple(tuple(self.proposals[i] for i in np.flatnonzero(self.group == g)) for g in range(number))

    def means(self, criterion: str) -> Floats:
        """Return shape (p,): the plain mean of one criterion, NaN where all abstained. Raises `InvalidValue`."""
        if criterion not in self.criteria:
            raise InvalidValue(criterion, f"评分指标之一：{'、'.join(self.criteria)}", what="区分同分的指标")
        column = self.parts[:, self.criteria.index(criterion)]
        known = ~np.isnan(column)
        number = np.add.reduceat(known.astype(np.float64), self.starts)
        with np.errstate(invalid="ignore"):
            return np.add.reduceat(np.where(known, column, 0.0), self.starts) / number


def build_sheet(
    table: ScoreTable,
    criteria: Sequence[Criterion],
    *,
    voids: Sequence[Void] = (),
    up_to_round: int = FIRST_ROUND,
    partial: Partial = Partial.DROP,
) -> Sheet:
    """Return the sheet of a round: of each score the latest up to `up_to_round`; FIRST_ROUND reads independent scores.

    Each criterion is moved to 0–100, 100 (x − low) / (high − low), and the total is Σ w x / Σ w over the criteria
    scored. A reviewer who abstained from all of them has no total; from some, see `Partial`.
    Raises `InvalidValue` for unknown criteria, impossible weights or scales, scores off the scale, voids of pairs that
    do not exist.
    """
    _check_criteria(criteria)
    keys = tuple(criterion.key for criterion in criteria)
    rows = _latest(table, up_to_round)
    parts, pairs = _parts(table, rows, criteria)
    width = max(len(table.reviewers), 1)
    void = np.isin(pairs, _void_pairs(table, voids))
    weight = np.array([float(criterion.weight) for criterion in criteria])
    known = ~np.isnan(parts)
    total, counted = _totals(parts, known, weight, partial)
    keep = counted & ~void
    pair, kept = pairs[keep], parts[keep]
    present, proposal = np.unique(pair // width, return_inverse=True)
    who, reviewer = np.unique(pair % width, return_inverse=True)
    starts = np.flatnonzero(np.diff(proposal, prepend=-1))
    scored = set(present.tolist())
    return Sheet(
        proposals=tuple(table.proposals[i] for i in present),
        reviewers=tuple(table.reviewers[i] for i in who),
        criteria=keys,
        proposal=proposal,
        reviewer=reviewer,
        total=total[keep],
        parts=kept,
        starts=starts,
        group=_groups(proposal, reviewer, len(present), len(who)),
        unscored=tuple(name for i, name in enumerate(table.proposals) if i not in scored),
        abstained=_named(table, pairs[~counted & ~void]),
        voided=_named(table, pairs[void]),
    )


def _totals(parts: Floats, known: Bools, weight: Floats, partial: Partial) -> tuple[Floats, Bools]:
    """Return the total of each pair and whether it counts."""
    weights = known * weight
    total = weights.sum(axis=1)
    counted = np.asarray(known[:, weight > 0].all(axis=1) if partial is Partial.DROP else total > 0, np.bool_)
    with np.errstate(invalid="ignore", divide="ignore"):
        return (np.where(known, parts, 0.0) * weights).sum(axis=1) / total, counted


def _check_criteria(criteria: Sequence[Criterion]) -> None:
    """Raise `InvalidValue` for criteria that make no total."""
    keys = [criterion.key for criterion in criteria]
    if len(set(keys)) != len(keys) or not keys:
        raise InvalidValue("、".join(keys), "至少一个、互不重名的指标", what="评分指标")
    for criterion in criteria:
        if not criterion.weight.is_finite() or criterion.weight < 0:
            raise InvalidValue(criterion.weight, "不小于0的权重", what=f"指标{criterion.key}的权重")
        if not criterion.low < criterion.high:
            raise InvalidValue(f"{criterion.low}–{criterion.high}", "下限小于上限", what=f"指标{criterion.key}的分值")
    if not sum(criterion.weight for criterion in criteria):
        raise InvalidValue(0, "合计大于0的权重", what="评分指标")


def _latest(table: ScoreTable, up_to_round: int) -> Ints:
    """Return the rows of the latest round up to `up_to_round` of every (proposal, reviewer, criterion)."""
    seen = np.flatnonzero(table.round <= up_to_round)
    order = seen[np.lexsort((table.round[seen], table.criterion[seen], table.reviewer[seen], table.proposal[seen]))]
    key = np.column_stack([table.proposal[order], table.reviewer[order], table.criterion[order]])
    last = np.ones(len(order), np.bool_)
    last[:-1] = (key[1:] != key[:-1]).any(axis=1)
    return order[last]


def _parts(table: ScoreTable, rows: Ints, criteria: Sequence[Criterion]) -> tuple[Floats, Ints]:
    """Return criteria by pair on 0–100, shape (m, c), and the pairs as proposal · reviewers + reviewer."""
    at = {criterion.key: index for index, criterion in enumerate(criteria)}
    unknown = [table.criteria[i] for i in np.unique(table.criterion[rows]) if table.criteria[i] not in at]
    if unknown:
        raise InvalidValue("、".join(unknown), f"评分指标之一：{'、'.join(at)}", "请先在评分表中登记该指标", "指标")
    column = np.array([at.get(key, -1) for key in table.criteria], np.int64)[table.criterion[rows]]
    value = table.value[rows]
    scale = np.array([[float(c.low), float(c.high), float(c.step) if c.step else np.nan] for c in criteria])[column]
    low, high = scale[:, 0], scale[:, 1]
    _check_values(table, rows, value, scale)
    pair, at_pair = np.unique(
        table.proposal[rows] * max(len(table.reviewers), 1) + table.reviewer[rows], return_inverse=True
    )
    parts = np.full((len(pair), len(criteria)), np.nan)
    parts[at_pair, column] = FULL * (value - low) / (high - low)
    return parts, pair


def _check_values(table: ScoreTable, rows: Ints, value: Floats, scale: Floats) -> None:
    """Raise `InvalidValue` for the first score off its scale; `scale`: low, high and step by row."""
    low, high, step = scale.T
    steps = (value - low) / step
    wrong = np.flatnonzero((value < low) | (value > high) | (np.abs(steps - np.round(steps)) > _ROUNDING))
    if not wrong.size:
        return
    i = wrong[0]
    row = rows[i]
    what = f"{table.reviewers[table.reviewer[row]]}给{table.proposals[table.proposal[row]]}的分数"
    grain = "" if np.isnan(step[i]) else f"、间隔{step[i]:g}"
    raise InvalidValue(f"{value[i]:g}", f"{low[i]:g}到{high[i]:g}之间{grain}的数", what=what)


def _void_pairs(table: ScoreTable, voids: Sequence[Void]) -> Ints:
    """Return the voided pairs as `_parts` numbers them."""
    names = {name: index for index, name in enumerate(table.proposals)}
    who = {name: index for index, name in enumerate(table.reviewers)}
    given = set(zip(table.proposal.tolist(), table.reviewer.tolist(), strict=True)) if voids else set()
    pairs = []
    for void in voids:
        pair = (names.get(void.proposal, -1), who.get(void.reviewer, -1))
        if pair not in given:
            raise InvalidValue(f"{void.reviewer}→{void.proposal}", "已有的评分", "请核对项目和评委的编号", "作废的评分")
        pairs.append(pair[0] * len(who) + pair[1])
    return np.array(sorted(set(pairs)), np.int64)


def _named(table: ScoreTable, pairs: Ints) -> tuple[tuple[str, str], ...]:
    width = max(len(table.reviewers), 1)
    return tuple((table.proposals[pair // width], table.reviewers[pair % width]) for pair in pairs.tolist())


def _groups(proposal: Ints, reviewer: Ints, proposals: int, reviewers: int) -> Ints:
    """Return the connected group of each proposal in the graph of who scored what, numbered from the largest."""
    size = proposals + reviewers
    if not size:
        return np.zeros(0, np.int64)
    edges = sparse.coo_matrix((np.ones(len(proposal)), (proposal, proposals + reviewer)), shape=(size, size))
    label = csgraph.connected_components(edges, directed=False)[1][:proposals]
    _, first, number = np.unique(label, return_index=True, return_counts=True)
    order = np.lexsort((first, -number))
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    return np.asarray(place[np.unique(label, return_inverse=True)[1]], np.int64)
