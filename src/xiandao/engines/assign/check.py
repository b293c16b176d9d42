"""Post-conditions of an assignment, read off the problem as given: shares no line with the solvers."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from xiandao.engines.assign.model import Assignment, Bounds, Problem, Quota


@dataclass(frozen=True, slots=True)
class Violation:
    """A bound that an assignment breaks. `rule`: need, load, forbidden, floor, employer, city, quota, fixed, repeated,
    unknown or summary. `words`: one Chinese sentence.
    """

    rule: str
    key: str
    words: str


def check(assignment: Assignment, problem: Problem) -> list[Violation]:
    """Return every bound of the problem an assignment breaks, and every number in it that its pairs do not give."""
    chosen = [(pair.proposal, pair.expert) for pair in assignment.pairs]
    row = {key: place for place, key in enumerate(problem.proposals)}
    column = {key: place for place, key in enumerate(problem.experts)}
    strange = [pair for pair in chosen if pair[0] not in row or pair[1] not in column]
    if strange:
        return [Violation("unknown", "—".join(pair), f"{'—'.join(pair)} 不在申报或专家名单中。") for pair in strange]
    found = [
        Violation("repeated", "—".join(pair), f"{'—'.join(pair)} 重复。")
        for pair, n in Counter(chosen).items()
        if n > 1
    ]
    found += [
        Violation("fixed", "—".join(pair), f"指定的配对 {'—'.join(pair)} 没有分派。")
        for pair in sorted(problem.fixed - set(chosen))
    ]
    found += _counts("need", "申报", problem.proposals, problem.need, Counter(p for p, _ in chosen))
    found += _counts("load", "专家", problem.experts, problem.load, Counter(e for _, e in chosen))
    for proposal, expert in chosen:
        value = float(problem.suitability[row[proposal], column[expert]])
        if (proposal, expert) in problem.forbidden or math.isnan(value):
            found.append(Violation("forbidden", f"{proposal}—{expert}", f"{proposal} 与 {expert} 有回避关系。"))
        elif (proposal, expert) not in problem.fixed and round(value * 1e6) < round(problem.floor * 1e6):
            found.append(Violation("floor", f"{proposal}—{expert}", f"{proposal} 与 {expert} 的匹配度低于下限。"))
    panels: dict[str, list[int]] = {key: [] for key in problem.proposals}
    for proposal, expert in chosen:
        panels[proposal].append(column[expert])
    for proposal, members in panels.items():
        found += _panel(problem, proposal, members)
    return [*found, *_summaries(assignment, problem, chosen, row, column)]


def _counts(
    rule: str, what: str, keys: tuple[str, ...], bounds: Bounds | tuple[Bounds, ...], counts: Counter[str]
) -> Iterable[Violation]:
    for place, key in enumerate(keys):
        pair = bounds[place] if isinstance(bounds[0], tuple) else bounds
        least, most = int(pair[0]), int(pair[1])  # one pair for all, or one each
        if not least <= counts[key] <= most:
            yield Violation(rule, key, f"{what} {key} 有 {counts[key]} 人次，应为 {least} 至 {most}。")


def _panel(problem: Problem, proposal: str, members: list[int]) -> Iterable[Violation]:
    """Yield what the experts of one proposal break together."""
    if problem.employers:
        for name, n in Counter(problem.employers[each] for each in members).items():
            if name and n > 1:
                yield Violation("employer", proposal, f"申报 {proposal} 有 {n} 名专家同属 {name}，最多 1 名。")
    if problem.cities:
        for name, n in Counter(problem.cities[each] for each in members).items():
            most = min(
                len(members) if problem.city_most is None else problem.city_most,
                len(members) if problem.city_share is None else math.floor(problem.city_share * len(members)),
            )
            if name and n > most:
                yield Violation("city", proposal, f"申报 {proposal} 有 {n} 名{name}的专家，最多 {most} 名。")
    for quota in problem.quotas:
        if quota.proposals is None or proposal in quota.proposals:
            n = sum(quota.kind in problem.kinds[each] for each in members)
            if not _within(quota, n, len(members)):
                yield Violation("quota", proposal, f"申报 {proposal} 有 {n} 名“{quota.kind}”类专家，不合名额。")


def _within(quota: Quota, n: int, size: int) -> bool:
    above = quota.most is not None and n > quota.most
    share = quota.most_share is not None and Fraction(n) > quota.most_share * size
    return not above and not share and n >= quota.least and n >= quota.least_share * size


def _summaries(
    assignment: Assignment,
    problem: Problem,
    chosen: list[tuple[str, str]],
    row: dict[str, int],
    column: dict[str, int],
) -> Iterable[Violation]:
    """Yield numbers of the assignment that its pairs do not give."""
    values = {pair: float(problem.suitability[row[pair[0]], column[pair[1]]]) for pair in chosen}
    tolerance = 1e-6 * (len(chosen) + 1)
    if abs(math.fsum(values.values()) - assignment.total.value) > tolerance:
        yield Violation("summary", "total", "合计与各配对之和不符。")
    free = [value for pair, value in values.items() if pair not in problem.fixed]
    if (assignment.weakest is None) != (not free):
        yield Violation("summary", "weakest", "最弱配对有无不符。")
    elif assignment.weakest is not None and abs(min(free) - assignment.weakest.value) > tolerance:
        yield Violation("summary", "weakest", "最弱配对的匹配度不符。")
    for side, index in ((assignment.proposals, 0), (assignment.experts, 1)):
        for served in side:
            mine = [values[pair] for pair in chosen if pair[index] == served.key] if len(chosen) <= _SMALL else None
            if mine is not None and (
                len(mine) != len(served.others) or abs(math.fsum(mine) - served.total) > tolerance
            ):
                yield Violation("summary", served.key, f"{served.key} 的小计不符。")


_SMALL = 2000
"""Up to so many pairs each summary is added up anew."""
