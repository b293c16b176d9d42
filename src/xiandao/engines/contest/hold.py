"""One round held: ranks in the groups, ties parted in the stated order, who goes on, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from xiandao.engines.contest.model import Ballot, Lot, Outcome, Round, RoundResult, Row, TieBreak
from xiandao.engines.contest.scoring import Scored, score_all, text
from xiandao.engines.draw import number
from xiandao.kernel import InvalidValue

_LOT = "抽签"
_NAMES = {TieBreak.COUNTBACK.value: "评委名次多少", TieBreak.PREVIOUS.value: "上一轮得分"}


def lot_by(seed: str, public: str = "") -> Lot:
    """Return a lot anybody can repeat: entrants by the draw's number of “what for/entrant” (see `engines.draw`)."""

    def lot(entrants: Sequence[str], what_for: str) -> list[str]:
        return sorted(entrants, key=lambda entrant: number(seed, public, f"{what_for}/{entrant}"))

    return lot


@dataclass
class _Bench:
    """What is written down while a round is held."""

    contest: Round
    lot: Lot
    lots: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    trace: list[str] = field(default_factory=list)
    parted: dict[str, str] = field(default_factory=dict)


def hold(contest: Round, ballots: Sequence[Ballot], *, lot: Lot, previous: RoundResult | None = None) -> RoundResult:
    """Return the result of a round, computed in exact fractions.

    A judge's total is Σ w x / Σ w; an entrant's score the mean of totals, without the highest and the lowest from
    `trim_from` on, with the carried share of the round before. Within a group entrants stand by announced score, then
    by the tie-breakers in order. Equals left over share a rank; where the line runs through them a lot decides. All
    who are not among the first of their group compete for the remaining places by the same keys; a note tells if
    groups had different judges, for then their scores are not strictly comparable.

    `lot` is asked only for entrants still equal, sorted by code, and must return the same ones.
    Raises `InvalidValue` for ballots or rules that cannot be, and for a lot that returns others.
    """
    bench = _Bench(contest, lot)
    scored = score_all(contest, ballots, previous)
    ranks: dict[str, int] = {}
    first: list[Scored] = []
    rest: list[Scored] = []
    for group in contest.groups:
        members = [one for one in scored if one.group == group]
        order = _ordered(bench, members, contest.advance.per_group, f"{contest.name}/{group}")
        ranks |= _ranks(bench, order)
        first += order[: contest.advance.per_group]
        rest += order[contest.advance.per_group :]
    second = _remaining(bench, rest)
    outcome = dict.fromkeys((one.entrant for one in scored), Outcome.OUT)
    outcome |= dict.fromkeys((one.entrant for one in second), Outcome.BY_REMAINING)
    outcome |= dict.fromkeys((one.entrant for one in first), Outcome.BY_GROUP)
    rows = [_row(bench, one, ranks[one.entrant], outcome[one.entrant]) for one in scored]
    groups = list(contest.groups)
    rows.sort(key=lambda row: (groups.index(row.group), row.rank, row.entrant))
    advancing = tuple(one.entrant for one in [*first, *second])
    said = [_sentence(bench, row) for row in rows]
    return RoundResult(contest.name, tuple(rows), advancing, tuple(bench.lots), (*said, *bench.trace))


def _key(one: Scored) -> tuple[object, ...]:
    return (one.score, *one.keys)


def _ordered(bench: _Bench, members: Sequence[Scored], line: int, what_for: str) -> list[Scored]:
    """Return entrants best first; equals by lot where the line runs through them, else by code."""
    order = sorted(members, key=lambda one: one.entrant)
    order.sort(key=_key, reverse=True)
    _tell_ties(bench, order, what_for)
    result: list[Scored] = []
    for _, equal in groupby(order, key=_key):
        same = list(equal)
        decides = len(result) < line < len(result) + len(same)
        if len(same) > 1 and (decides or bench.contest.lot_every_place):
            same = _drawn(bench, same, f"{what_for}/第{len(result) + 1}名")
        result += same
    return result


def _drawn(bench: _Bench, same: Sequence[Scored], what_for: str) -> list[Scored]:
    """Return equals in drawn order."""
    codes = sorted(one.entrant for one in same)
    drawn = tuple(bench.lot(codes, what_for))
    if sorted(drawn) != codes:
        raise InvalidValue("、".join(drawn), f"{'、'.join(codes)}的一个排列", what="抽签结果")
    bench.lots.append((what_for, drawn))
    bench.trace.append(f"{what_for}：{'、'.join(codes)}各项均相同，抽签次序为{'、'.join(drawn)}。")
    bench.parted |= dict.fromkeys(codes, _LOT)
    at = {one.entrant: one for one in same}
    return [at[code] for code in drawn]


def _tell_ties(bench: _Bench, order: Sequence[Scored], what_for: str) -> None:
    """Write down which tie-breaker parted entrants of equal score."""
    for score, equal in groupby(order, key=lambda one: one.score):
        same = list(equal)
        if len(same) == 1:
            continue
        parts = []
        for one, other in pairwise(same):
            by = next((t for t, a, b in zip(bench.contest.ties, one.keys, other.keys, strict=True) if a != b), "")
            if by:
                parts.append(f"{one.entrant}先于{other.entrant}（{_NAMES.get(by, by)}）")
                for code in (one.entrant, other.entrant):
                    bench.parted.setdefault(code, by)
        names = "、".join(one.entrant for one in same)
        shown = text(score, bench.contest.scoring.decimals)
        bench.trace.append(f"{what_for}：{names}同为{shown}分；{'，'.join(parts) or '其余各项也相同'}。")


def _ranks(bench: _Bench, order: Sequence[Scored]) -> dict[str, int]:
    """Return ranks in order; equals share the least unless a lot parted them."""
    lots = {code for _, drawn in bench.lots for code in drawn}
    ranks: dict[str, int] = {}
    for place, one in enumerate(order):
        before = order[place - 1] if place else None
        equal = before is not None and _key(before) == _key(one) and one.entrant not in lots
        ranks[one.entrant] = ranks[before.entrant] if equal and before is not None else place + 1
    return ranks


def _remaining(bench: _Bench, rest: Sequence[Scored]) -> list[Scored]:
    """Return the best of those who are not among the first of their group."""
    line = bench.contest.advance.remaining
    if not line:
        return []
    judges = {frozenset(one.totals) for one in rest}
    if len(judges) > 1:
        bench.trace.append("各组评委不同，跨组择优的分数不完全可比。")
    return _ordered(bench, rest, line, f"{bench.contest.name}/择优")[:line]


def _row(bench: _Bench, one: Scored, rank: int, outcome: Outcome) -> Row:
    return Row(
        entrant=one.entrant,
        group=one.group,
        totals=one.totals,
        dropped=one.dropped,
        exact=one.exact,
        score=one.score,
        rank=rank,
        parted_by=bench.parted.get(one.entrant, ""),
        outcome=outcome,
    )


_SAID = {Outcome.BY_GROUP: "小组名次晋级", Outcome.BY_REMAINING: "择优晋级", Outcome.OUT: "未晋级"}


def _sentence(bench: _Bench, row: Row) -> str:
    decimals = bench.contest.scoring.decimals
    given = "、".join(f"{judge} {text(total, decimals)}" for judge, total in sorted(row.totals.items()))
    dropped = f"，去掉{'、'.join(row.dropped)}" if row.dropped else ""
    score = text(row.score, decimals)
    return f"{row.group}第{row.rank}名{row.entrant}：{given}{dropped}，得{score}分，{_SAID[row.outcome]}。"
