"""Invented panels for the tests of ranking."""

from decimal import Decimal

import numpy as np

from xiandao.engines.ranking import Criterion, Score, ScoreTable

TOTAL = [Criterion("总分", Decimal(1))]


def table_of(given, criterion="总分"):
    """Return the table of {proposal: {reviewer: score}}; None is an abstention."""
    return ScoreTable.of([Score(p, r, criterion, x) for p, row in given.items() for r, x in row.items()])


def panel(rng, proposals, reviewers, each, *, sds=(6.0, 5.0, 6.0), whole=False):
    """Return (truth, table): `each` reviewers drawn for each proposal, scores from the mixed model."""
    truth, lenience = rng.normal(70, sds[0], proposals), rng.normal(0, sds[1], reviewers)
    p = np.repeat(np.arange(proposals), each)
    r = np.concatenate([rng.choice(reviewers, each, replace=False) for _ in range(proposals)])
    y = truth[p] + lenience[r] + rng.normal(0, sds[2], len(p))
    y = np.clip(np.round(y), 0, 100) if whole else np.clip(y, 0, 100)
    names, who = [f"P{i:04d}" for i in p], [f"R{i:03d}" for i in r]
    return truth, ScoreTable.from_columns(names, who, ["总分"] * len(p), y)
