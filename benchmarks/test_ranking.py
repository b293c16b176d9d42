"""Budget: 10,000 proposals × 3 of 600 reviewers with 1,000 runs in a few seconds: three rankings with intervals on
score and rank and a band. The peer is what an analyst would write with pandas, proposal by proposal, for the raw mean
alone: bootstrap of the reviewers' totals, ranks of each run. On one part the adjusted scores are held against the dense
definition of the mixed model, V inverted."""

from decimal import Decimal

import numpy as np
import pandas as pd

from xiandao.engines.ranking import Criterion, Cut, Method, Rules, ScoreTable, build_sheet, rank
from xiandao.engines.ranking.mixed import System, fit, fit_at

CRITERIA = [Criterion("总分", Decimal(1))]


def _panel(proposals, reviewers, each, seed=20240101):
    rng = np.random.default_rng(seed)
    truth, lenience = rng.normal(70, 6, proposals), rng.normal(0, 5, reviewers)
    p = np.repeat(np.arange(proposals), each)
    r = np.concatenate([rng.choice(reviewers, each, replace=False) for _ in range(proposals)])
    y = np.clip(np.round(truth[p] + lenience[r] + rng.normal(0, 6, len(p))), 0, 100)
    names, who = [f"P{i:05d}" for i in p], [f"R{i:04d}" for i in r]
    return truth, ScoreTable.from_columns(names, who, ["总分"] * len(p), y)


TRUTH, TABLE = _panel(10_000, 600, 3)
SMALL_TRUTH, SMALL = _panel(400, 40, 5)


def _ours(table, places):
    return rank(table, CRITERIA, cut=Cut(places=places), rules=Rules(runs=1000, seed=1))


def _peer(table, runs):
    """Return mean, ends of the score's and of the rank's interval of every proposal by resampling its totals."""
    frame = pd.DataFrame({"proposal": table.proposal, "total": table.value})
    rng = np.random.default_rng(1)
    means = {}
    for proposal, totals in frame.groupby("proposal")["total"]:
        picks = rng.choice(totals.to_numpy(), (runs, len(totals)))
        means[proposal] = picks.mean(axis=1)
    drawn = pd.DataFrame(means)
    ranks = drawn.rank(axis=1, ascending=False, method="min")
    ends = drawn.quantile([0.025, 0.975]).T
    return ends, ranks.quantile([0.025, 0.975]).T


def _dense(sheet, fitted):
    """Return the predictions of the mixed model by inverting V."""
    zp, zr = np.eye(len(sheet.proposals))[sheet.proposal], np.eye(len(sheet.reviewers))[sheet.reviewer]
    v = fitted.sd_proposal**2 * zp @ zp.T + fitted.sd_reviewer**2 * zr @ zr.T + fitted.sd_residual**2 * np.eye(len(zp))
    inverse = np.linalg.inv(v)
    mean = inverse.sum(axis=0) @ sheet.total / inverse.sum()
    return mean + fitted.sd_proposal**2 * zp.T @ (inverse @ (sheet.total - mean))


def _covered(truth, low, high):
    return float(np.mean((low <= truth) & (truth <= high)))


def test_three_rankings_of_10000_with_1000_runs(benchmark):
    found = benchmark.pedantic(_ours, (TABLE, 500), rounds=3)
    for standing in found.standings.values():
        assert 0.93 < _covered(TRUTH, standing.low, standing.high) < 0.97
        assert 450 < standing.band.in_top.sum() < 550
    errors = {m: np.abs(found.standing(m).score - TRUTH).mean() for m in (Method.RAW, Method.ADJUSTED)}
    assert errors[Method.ADJUSTED] < 0.8 * errors[Method.RAW]


def test_peer_pandas_bootstrap_of_the_raw_mean_of_10000_with_1000_runs(benchmark):
    ends, _ = benchmark.pedantic(_peer, (TABLE, 1000), rounds=1)
    assert (
        _covered(TRUTH, ends[0.025].to_numpy(), ends[0.975].to_numpy()) < 0.75
    )  # three totals cannot tell their error


def test_three_rankings_of_400_with_1000_runs(benchmark):
    found = benchmark.pedantic(_ours, (SMALL, 50), rounds=5)
    for standing in found.standings.values():
        assert _covered(SMALL_TRUTH, standing.low, standing.high) > 0.92


SHEET = build_sheet(SMALL, CRITERIA)
FITTED = fit(SHEET)


def test_predictions_of_400_at_given_components(benchmark):
    found = benchmark(lambda: fit_at(System(SHEET), *FITTED.ratios))
    np.testing.assert_allclose(found.quality, _dense(SHEET, FITTED), rtol=1e-8)


def test_peer_dense_predictions_of_400(benchmark):
    benchmark.pedantic(_dense, (SHEET, FITTED), rounds=3)
