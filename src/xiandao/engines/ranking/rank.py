"""One round's scores into three rankings beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from threadpoolctl import threadpool_limits

from xiandao.engines.ranking.draws import Draws, draw, spread_of
from xiandao.engines.ranking.means import raw_errors, raw_means, shrunken, trimmed_errors, trimmed_here, trimmed_means
from xiandao.engines.ranking.mixed import Fit, System, check, fit, fit_at
from xiandao.engines.ranking.model import (
    FIRST_ROUND,
    Criterion,
    Cut,
    Floats,
    Ints,
    Method,
    Rules,
    ScoreTable,
    Singles,
    Void,
)
from xiandao.engines.ranking.sheet import Sheet, build_sheet
from xiandao.engines.ranking.standing import Standing, band, interval, rank_draws, ranks
from xiandao.kernel import InvalidValue


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """What a round's scores say.

    `fit`: variance components, severity and BLUPs; None where they could not be told apart. `draws`: what the
    intervals were read from. `standings`: RAW and TRIMMED always, ADJUSTED where there is a fit. `notes`: sentences a
    reader of the ranking has to see: unconnected groups, lack of a fit, ties on the line, proposals without scores.
    """

    rules: Rules
    sheet: Sheet
    fit: Fit | None
    draws: Draws | None
    standings: dict[Method, Standing]
    notes: tuple[str, ...]

    def standing(self, method: Method) -> Standing:
        """Return the ranking by one method. Raises `InvalidValue` where there is none."""
        if method not in self.standings:
            raise InvalidValue(method.value, "已算出的排序", "评分不足以校正宽严，见说明", "排序方法")
        return self.standings[method]

    def row(self, proposal: str) -> int:
        """Return the index of a proposal in every array. Raises `InvalidValue` for one without scores."""
        if proposal not in self.sheet.proposals:
            raise InvalidValue(proposal, "有评分的项目", what="项目")
        return self.sheet.proposals.index(proposal)


def rank(
    table: ScoreTable,
    criteria: Sequence[Criterion],
    *,
    rules: Rules | None = None,
    voids: Sequence[Void] = (),
    up_to_round: int = FIRST_ROUND,
    cut: Cut | None = None,
) -> Ranking:
    """Return the rankings of a round by plain mean, trimmed mean and, freed of severity, by mixed model.

    Score intervals are for μ + θ, what a proposal would have from very many reviewers. RAW and TRIMMED: the mean less
    errors of the same estimator simulated under the fitted model; their ranks and chances at the cut are those of
    draws of μ + θ given that mean alone (`means.shrunken`). ADJUSTED: draws from the posterior (see `draws`), so that
    scores lie nearer to the mean by what chance explains.
    Variance components always come from the independent first round: after a discussion reviewers are no longer
    independent and would look surer than they are. The same input and seed give the same result.

    Proposals that no chain of common reviewers connects are ranked within their group by ADJUSTED, without a band,
    unless `rules.compare_groups`; a note tells it. RAW and TRIMMED compare all, as such means do, with the same note.
    Raises `InvalidValue` as `build_sheet` does, and where no score counts.
    """
    rules = rules or Rules()
    sheet = build_sheet(table, criteria, voids=voids, up_to_round=up_to_round, partial=rules.partial)
    if not sheet.proposals:
        raise InvalidValue(None, "至少一份有效评分", "全部弃权或作废时无法排序", "评分")
    first = sheet
    if up_to_round > FIRST_ROUND:
        first = build_sheet(table, criteria, voids=voids, up_to_round=FIRST_ROUND, partial=rules.partial)
    notes = _notes(sheet, rules)
    fitted, drawn = None, None
    try:
        # A system of some hundred unknowns gains nothing from threads, and on a busy machine they wait for each other.
        with threadpool_limits(1, user_api="blas"):
            fitted, drawn = _fit(first, sheet, rules)
    except InvalidValue as error:
        notes.append(f"没有校正宽严，也没有区间：{error}")
    if fitted is not None and not fitted.sd_proposal:
        notes.append("评分中看不出项目之间的差别：差异可全由评委宽严和随机误差解释，校正后各项目同分。")
    standings = _standings(_Table(sheet, rules, cut, drawn), fitted)
    notes += _tie_notes(sheet, standings, cut)
    return Ranking(rules, sheet, fitted, drawn, standings, tuple(notes))


def _fit(first: Sheet, sheet: Sheet, rules: Rules) -> tuple[Fit, Draws]:
    """Return fit and draws of `sheet`, with the variance components of `first`."""
    check(first)
    system = System(first)
    fitted = fit(first, system)
    spread = spread_of(system, fitted)
    rng = _rng(rules, 0)
    if sheet is first:
        return fitted, draw(system, spread, rules.runs, rng)
    later, freedom = System(sheet), system.number - 1
    residual = (fitted.sd_residual**2 * freedom, freedom)  # σ² too is what the independent scores say
    return _carried(fitted, later), draw(later, spread, rules.runs, rng, residual=residual)


def _carried(fitted: Fit, later: System) -> Fit:
    """Return the predictions of a later round at the variance components of the first."""
    ratios = fitted.ratios
    again = fit_at(later, float(ratios[0]), float(ratios[1]))
    return Fit(
        again.mean, fitted.sd_proposal, fitted.sd_reviewer, fitted.sd_residual,
        again.quality, again.lenience, again.deviance,
    )  # fmt: skip


def _rng(rules: Rules, stream: int) -> np.random.Generator:
    """Return the generator of one purpose, so that one method's draws do not shift another's."""
    return np.random.default_rng([rules.seed, stream])


@dataclass(frozen=True, slots=True, eq=False)
class _Table:
    """What every method's standing is made from."""

    sheet: Sheet
    rules: Rules
    cut: Cut | None
    drawn: Draws | None

    @property
    def together(self) -> Ints:
        """All proposals in one group."""
        return np.zeros(len(self.sheet.proposals), np.int64)


def _standings(table: _Table, fitted: Fit | None) -> dict[Method, Standing]:
    """Return the standing of each method."""
    sheet, rules, drawn = table.sheet, table.rules, table.drawn
    errors = None if drawn is None else raw_errors(sheet, drawn.sds, _rng(rules, 1))
    standings = {Method.RAW: _of_mean(table, Method.RAW, raw_means(sheet), errors)}
    if trimmed_here(sheet, rules.trim_from).any():
        if drawn is not None:
            errors = trimmed_errors(sheet, rules.trim_from, drawn.sds, _rng(rules, 2))
        score = trimmed_means(sheet, rules.trim_from)
        standings[Method.TRIMMED] = _of_mean(table, Method.TRIMMED, score, errors)
    else:
        standings[Method.TRIMMED] = replace(standings[Method.RAW], method=Method.TRIMMED)
    if fitted is not None and drawn is not None:
        low, high = interval(drawn.quality, rules.confidence)
        truth = _Truth((low.astype(np.float64), high.astype(np.float64)), drawn.quality)
        group = table.together if rules.compare_groups else sheet.group
        standings[Method.ADJUSTED] = _standing(table, Method.ADJUSTED, fitted.quality, truth, group)
    return standings


@dataclass(frozen=True, slots=True, eq=False)
class _Truth:
    """Ends of the score's interval, two of shape (p,), and draws of the truth of shape (B, p) to rank."""

    ends: tuple[Floats, Floats]
    draws: Singles


def _of_mean(table: _Table, method: Method, score: Floats, errors: Singles | None) -> Standing:
    """Return the standing by a mean whose errors are given by shape (B, p)."""
    drawn = table.drawn
    if errors is None or drawn is None:
        return _standing(table, method, score, None, table.together)
    below, above = interval(errors, table.rules.confidence)
    rng = _rng(table.rules, 3 if method is Method.RAW else 4)
    truth = _Truth((score - above, score - below), shrunken(score, errors, drawn.mean, drawn.sds, rng))
    return _standing(table, method, score, truth, table.together)


def _standing(table: _Table, method: Method, score: Floats, truth: _Truth | None, group: Ints) -> Standing:
    """Return one method's standing; no band where only some proposals can be compared."""
    sheet, rules, cut = table.sheet, table.rules, table.cut
    place, tied = ranks(score, [sheet.means(key) for key in rules.tie_breakers], group)
    low = high = np.full(len(score), np.nan)
    rank_low = rank_high = np.zeros(len(score), np.int32)
    draws, drawn_ranks = None, None
    if truth is not None:
        (low, high), draws = truth.ends, truth.draws
        drawn_ranks = rank_draws(draws, group)
        rank_low, rank_high = interval(drawn_ranks, rules.confidence)
    return Standing(
        method=method,
        score=score,
        low=low,
        high=high,
        rank=place,
        rank_low=rank_low,
        rank_high=rank_high,
        tied=tied,
        trimmed=trimmed_here(sheet, rules.trim_from) & (method is Method.TRIMMED),
        group=group,
        band=None if cut is None or group.any() else band(cut, score, place, draws, drawn_ranks),
    )


def _notes(sheet: Sheet, rules: Rules) -> list[str]:
    """Return what has to be said of the scores themselves."""
    notes = []
    if len(sheet.groups) > 1:
        sizes = "、".join(f"{'、'.join(g[:3])}{'等' if len(g) > 3 else ''}{len(g)}个项目" for g in sheet.groups[:5])  # noqa: PLR2004
        how = "按“评委随机分派”假定一并排序" if rules.compare_groups else "校正后的名次只在组内排"
        notes.append(
            f"评分分成互不相连的{len(sheet.groups)}组（{sizes}），组间没有共同评委，高低可能只是宽严不同；{how}。"
        )
    if sheet.unscored:
        notes.append(f"{len(sheet.unscored)}个项目没有有效评分，未排名：{'、'.join(sheet.unscored[:10])}。")
    few = int((sheet.counts < rules.trim_from).sum())
    if few:
        notes.append(f"{few}个项目的有效评分不足{rules.trim_from}份，不去最高最低分，按平均分计。")
    return notes


def _tie_notes(sheet: Sheet, standings: dict[Method, Standing], cut: Cut | None) -> list[str]:
    """Return which equal scores leave the last place open."""
    notes = []
    names = {Method.RAW: "平均分", Method.TRIMMED: "去高低分", Method.ADJUSTED: "校正分"}
    for method, standing in standings.items():
        if cut is None or cut.places is None or standing.band is None:
            continue
        rank_at = standing.rank[standing.rank <= cut.places].max(initial=0)
        on_line = np.flatnonzero(standing.rank == rank_at)
        if rank_at + len(on_line) - 1 > cut.places:
            listed = "、".join(sheet.proposals[i] for i in on_line[:10])
            notes.append(f"{names[method]}：{listed}同分并列第{rank_at}，名额只到第{cut.places}，交评审组决定。")
    return notes
