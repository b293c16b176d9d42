"""What a late conflict of interest or a second round changes, row by row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from xiandao.engines.ranking.model import FIRST_ROUND, Criterion, Cut, Method, Place, Rules, ScoreTable, Void
from xiandao.engines.ranking.rank import Ranking, rank
from xiandao.engines.ranking.sheet import Sheet, build_sheet
from xiandao.engines.ranking.standing import PLACES, TIE
from xiandao.kernel import InvalidValue


@dataclass(frozen=True, slots=True)
class Change:
    """One proposal under one method before and after; None where it has no score, rank or place."""

    proposal: str
    method: Method
    score: tuple[float | None, float | None]
    rank: tuple[int | None, int | None]
    place: tuple[Place | None, Place | None]


@dataclass(frozen=True, slots=True, eq=False)
class Recomputed:
    """A ranking before and after, and every proposal whose score, rank or place changed, by method and new rank.

    `voided`: the pairs newly voided. `sentences`: the trace for the record.
    """

    before: Ranking
    after: Ranking
    voided: tuple[Void, ...]
    changes: tuple[Change, ...]
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Revision:
    """A reviewer's total before and after a discussion, on 0–100; None where there is none in that round."""

    proposal: str
    reviewer: str
    before: float | None
    after: float | None


def void_and_rank(
    table: ScoreTable,
    criteria: Sequence[Criterion],
    new: Sequence[Void],
    *,
    rules: Rules | None = None,
    voids: Sequence[Void] = (),
    up_to_round: int = FIRST_ROUND,
    cut: Cut | None = None,
) -> Recomputed:
    """Return the rankings with `voids` and with `new` voids besides, and what changed between them.

    The scores of `table` are never altered: a void is a row beside them. Both rankings use the same seed; places in the
    band may also change by simulation alone where `in_top` is within a few hundredths of the level.
    Raises `InvalidValue` for a void already there, besides what `rank` raises.
    """
    known = {(void.proposal, void.reviewer) for void in voids}
    again = [void for void in new if (void.proposal, void.reviewer) in known]
    if again or not new:
        shown = "、".join(f"{void.reviewer}→{void.proposal}" for void in again)
        raise InvalidValue(shown, "尚未作废的评分", "已作废的不必再作废", "作废的评分")
    before = rank(table, criteria, rules=rules, voids=voids, up_to_round=up_to_round, cut=cut)
    after = rank(table, criteria, rules=rules, voids=[*voids, *new], up_to_round=up_to_round, cut=cut)
    changes = compare(before, after)
    return Recomputed(before, after, tuple(new), changes, _sentences(before, after, new, changes))


def compare(before: Ranking, after: Ranking) -> tuple[Change, ...]:
    """Return every proposal, under every method, whose score, rank or place differs between two rankings."""
    names = sorted({*before.sheet.proposals, *after.sheet.proposals})
    changes: list[Change] = []
    for method in Method:
        olds, news = _rows(before, method), _rows(after, method)
        for name in names:
            one, other = olds.get(name, _NOTHING), news.get(name, _NOTHING)
            if one[1:] != other[1:] or not _near(one[0], other[0]):
                changes.append(Change(name, method, (one[0], other[0]), (one[1], other[1]), (one[2], other[2])))
    order = list(Method)
    return tuple(sorted(changes, key=lambda c: (order.index(c.method), c.rank[1] or len(names) + 1, c.proposal)))


def revisions(
    table: ScoreTable,
    criteria: Sequence[Criterion],
    *,
    rules: Rules | None = None,
    voids: Sequence[Void] = (),
    earlier: int = FIRST_ROUND,
    later: int = FIRST_ROUND + 1,
) -> tuple[Revision, ...]:
    """Return every total that a later round changed, by proposal and reviewer; unchanged ones carry over silently."""
    rules = rules or Rules()
    old, new = (
        _totals(build_sheet(table, criteria, voids=voids, up_to_round=turn, partial=rules.partial))
        for turn in (earlier, later)
    )
    return tuple(
        Revision(*pair, old.get(pair), new.get(pair))
        for pair in sorted({*old, *new})
        if not _near(old.get(pair), new.get(pair))
    )


_Row = tuple[float | None, int | None, Place | None]
_NOTHING: _Row = (None, None, None)


def _rows(ranking: Ranking, method: Method) -> dict[str, _Row]:
    """Return score, rank and place of each proposal under a method."""
    standing = ranking.standings.get(method)
    if standing is None:
        return {}
    places = [None] * len(standing.score) if standing.band is None else [PLACES[i] for i in standing.band.place]
    return dict(
        zip(
            ranking.sheet.proposals,
            zip(standing.score.tolist(), standing.rank.tolist(), places, strict=True),
            strict=True,
        )
    )


def _near(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return bool(abs(one - other) <= TIE)


def _totals(sheet: Sheet) -> dict[tuple[str, str], float]:
    return {
        (sheet.proposals[p], sheet.reviewers[r]): float(total)
        for p, r, total in zip(sheet.proposal.tolist(), sheet.reviewer.tolist(), sheet.total.tolist(), strict=True)
    }


_NAMES = {Method.RAW: "平均分", Method.TRIMMED: "去高低分", Method.ADJUSTED: "校正分"}
_WHERE = {Place.IN: "入围", Place.PANEL: "交评审组", Place.OUT: "未入围", None: "无"}


def _sentences(before: Ranking, after: Ranking, new: Sequence[Void], changes: Sequence[Change]) -> tuple[str, ...]:
    """Return the trace in words: each void, then proposals directly concerned and those that changed place."""
    totals = _totals(before.sheet)
    said = []
    for void in new:
        total = totals.get((void.proposal, void.reviewer))
        shown = "原未计分" if total is None else f"原{total:.2f}分"
        said.append(f"{void.reviewer}对{void.proposal}的评分作废（{shown}）：{void.reason}。")
    concerned = {void.proposal for void in new}
    for change in changes:
        if change.proposal in concerned or change.place[0] is not change.place[1]:
            score = "→".join("无" if s is None else f"{s:.2f}" for s in change.score)
            place = "→".join("无" if r is None else str(r) for r in change.rank)
            where = ""
            if change.place != (None, None):
                where = f"，{_WHERE[change.place[0]]}→{_WHERE[change.place[1]]}"
            said.append(f"{change.proposal}{_NAMES[change.method]}{score}，名次{place}{where}。")
    moved = int(np.sum([change.rank[0] != change.rank[1] for change in changes])) if changes else 0
    said.append(
        f"共{len(changes)}处变化，其中名次变化{moved}处；有效评分由{len(before.sheet.total)}份变为{len(after.sheet.total)}份。"
    )
    return tuple(said)
