"""From ballots to exact scores and to the keys that part equals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from xiandao.engines.contest.model import Ballot, Round, RoundResult, Scoring, TieBreak
from xiandao.kernel import InvalidValue


@dataclass(frozen=True, slots=True)
class Scored:
    """An entrant with its totals, dropped judges, exact and announced score, and one key for each tie-breaker."""

    entrant: str
    group: str
    totals: Mapping[str, Fraction]
    dropped: tuple[str, ...]
    exact: Fraction
    score: Fraction
    keys: tuple[tuple[Fraction, ...], ...]


def score_all(contest: Round, ballots: Sequence[Ballot], previous: RoundResult | None) -> list[Scored]:
    """Return every entrant scored. Raises `InvalidValue` for ballots missing, doubled or off the scale."""
    _check(contest, previous)
    by_pair = _by_pair(contest, ballots)
    result = []
    for group, entrants in contest.groups.items():
        totals = {e: _totals(contest.scoring, e, by_pair) for e in entrants}
        places = _places(totals)
        for entrant in entrants:
            kept, dropped = _trimmed(totals[entrant], contest.scoring.trim_from)
            mean = sum(kept, Fraction(0)) / len(kept)
            exact = _carried(contest.scoring, mean, entrant, previous)
            before = () if previous is None else (previous.row(entrant).score,)
            keys = tuple(_key(tie, contest.scoring, by_pair[entrant], places[entrant], before) for tie in contest.ties)
            score = rounded(exact, contest.scoring.decimals)
            result.append(Scored(entrant, group, totals[entrant], dropped, exact, score, keys))
    return result


def rounded(exact: Fraction, decimals: int | None) -> Fraction:
    """Return a score rounded half up; None leaves it."""
    if decimals is None:
        return exact
    scale = 10**decimals
    return Fraction((2 * exact * scale + 1).__floor__() // 2, scale)


def text(score: Fraction, decimals: int | None) -> str:
    """Return a score for print."""
    places = 4 if decimals is None else decimals
    shown = rounded(score, places) * 10**places
    return f"{Decimal(int(shown)).scaleb(-places):f}"


def _check(contest: Round, previous: RoundResult | None) -> None:
    """Raise `InvalidValue` for a round that cannot be held."""
    everyone = [entrant for group in contest.groups.values() for entrant in group]
    if not everyone or len(set(everyone)) < len(everyone) or not all(contest.groups.values()):
        raise InvalidValue("、".join(everyone), "每组至少一个、互不重复的参赛者", what=f"{contest.name}的分组")
    weights = contest.scoring.weights
    if not weights or min(weights.values()) < 0 or not sum(weights.values()):
        raise InvalidValue("权重", "不小于0、合计大于0的权重", what=f"{contest.name}的评分指标")
    if contest.advance.per_group < 0 or contest.advance.remaining < 0 or contest.scoring.trim_from < 3:  # noqa: PLR2004
        raise InvalidValue("晋级规则", "不小于0的名额；至少3份评分才能去最高最低", what=contest.name)
    unknown = [tie for tie in contest.ties if tie not in weights and tie not in set(TieBreak)]
    if unknown:
        raise InvalidValue("、".join(unknown), f"{'、'.join(weights)}、countback 或 previous", what="同分时的次序")
    if (contest.scoring.carried or TieBreak.PREVIOUS in contest.ties) and previous is None:
        raise InvalidValue(None, "上一轮的结果", "首轮不能带入上一轮分数", contest.name)
    if not 0 <= contest.scoring.carried < 1:
        raise InvalidValue(contest.scoring.carried, "0到1之间的比例", what="带入上一轮分数的比例")
    if previous is not None:
        stray = sorted(set(everyone) - set(previous.advancing))
        if stray:
            raise InvalidValue("、".join(stray), f"{previous.name}晋级的参赛者", what=f"{contest.name}的参赛者")


def _by_pair(contest: Round, ballots: Sequence[Ballot]) -> dict[str, dict[str, Ballot]]:
    """Return ballots by entrant and judge; every judge of a group scores, or abstains from, each in it."""
    group_of = {entrant: group for group, entrants in contest.groups.items() for entrant in entrants}
    result: dict[str, dict[str, Ballot]] = {entrant: {} for entrant in group_of}
    judges: dict[str, set[str]] = {group: set() for group in contest.groups}
    for ballot in sorted(ballots, key=lambda b: b.judge):
        shown = f"{ballot.judge}→{ballot.entrant}"
        if ballot.entrant not in group_of or ballot.judge in result[ballot.entrant]:
            raise InvalidValue(shown, f"{contest.name}参赛者每人每名评委一份评分", what="评分")
        _check_scores(contest.scoring, ballot, shown)
        result[ballot.entrant][ballot.judge] = ballot
        judges[group_of[ballot.entrant]].add(ballot.judge)
    for entrant, group in group_of.items():
        missing = sorted(judges[group] - result[entrant].keys())
        if missing or all(ballot.scores is None for ballot in result[entrant].values()):
            shown = "、".join(f"{judge}→{entrant}" for judge in missing) or entrant
            raise InvalidValue(
                shown, "评分或弃权", "本组每名评委对每个参赛者都要打分，回避的请记弃权和理由", "缺少的评分"
            )
    return result


def _check_scores(scoring: Scoring, ballot: Ballot, shown: str) -> None:
    if ballot.scores is None:
        return
    if set(ballot.scores) != set(scoring.weights):
        raise InvalidValue(shown, f"对{'、'.join(scoring.weights)}各打一个分", what="评分")
    for key, value in ballot.scores.items():
        if not (value.is_finite() and scoring.low <= value <= scoring.high):
            raise InvalidValue(value, f"{scoring.low}到{scoring.high}之间的数", what=f"{shown}的{key}")


def _totals(scoring: Scoring, entrant: str, by_pair: Mapping[str, Mapping[str, Ballot]]) -> dict[str, Fraction]:
    """Return each judge's weighted total, abstentions left out."""
    whole = Fraction(sum(scoring.weights.values(), Decimal(0)))
    return {
        judge: sum((Fraction(scoring.weights[k]) * Fraction(v) for k, v in ballot.scores.items()), Fraction(0)) / whole
        for judge, ballot in by_pair[entrant].items()
        if ballot.scores is not None
    }


def _trimmed(totals: Mapping[str, Fraction], trim_from: int) -> tuple[list[Fraction], tuple[str, ...]]:
    """Return the totals that count and the judges dropped: one lowest, one highest, by judge's name among equals."""
    if len(totals) < trim_from:
        return list(totals.values()), ()
    order = sorted(totals, key=lambda judge: (totals[judge], judge))
    return [totals[judge] for judge in order[1:-1]], (order[0], order[-1])


def _carried(scoring: Scoring, mean: Fraction, entrant: str, previous: RoundResult | None) -> Fraction:
    share = Fraction(scoring.carried)
    return mean if previous is None or not share else (1 - share) * mean + share * previous.row(entrant).score


def _places(totals: Mapping[str, Mapping[str, Fraction]]) -> dict[str, tuple[Fraction, ...]]:
    """Return for each entrant of a group how many judges placed it first, second, and so on (1 + how many better)."""
    counts = {entrant: [0] * len(totals) for entrant in totals}
    for entrant, mine in totals.items():
        for judge, total in mine.items():
            better = sum(judge in other and other[judge] > total for other in totals.values())
            counts[entrant][better] += 1
    return {entrant: tuple(map(Fraction, row)) for entrant, row in counts.items()}


def _key(
    tie: str,
    scoring: Scoring,
    ballots: Mapping[str, Ballot],
    places: tuple[Fraction, ...],
    before: tuple[Fraction, ...],
) -> tuple[Fraction, ...]:
    """Return the key of one tie-breaker, greater is better; of a criterion the trimmed mean as for the score."""
    if tie == TieBreak.COUNTBACK:
        return places
    if tie == TieBreak.PREVIOUS:
        return before
    values = {judge: Fraction(ballot.scores[tie]) for judge, ballot in ballots.items() if ballot.scores is not None}
    kept, _ = _trimmed(values, scoring.trim_from)
    return (sum(kept, Fraction(0)) / len(kept),)
