"""Plain and trimmed means of a proposal's totals, and by how much they miss when reviewers are others."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from xiandao.engines.ranking.model import Bools, Floats, Singles
from xiandao.engines.ranking.sheet import Sheet

_CHUNK = 32
"""Runs worked on at once."""


def raw_means(sheet: Sheet) -> Floats:
    """Return shape (p,): the plain mean of the totals of each proposal."""
    return np.asarray(np.add.reduceat(sheet.total, sheet.starts) / sheet.counts)


def trimmed_here(sheet: Sheet, trim_from: int) -> Bools:
    """Return shape (p,): which proposals have at least `trim_from` totals, so that the ends are dropped."""
    return np.asarray(sheet.counts >= trim_from)


def trimmed_means(sheet: Sheet, trim_from: int) -> Floats:
    """Return shape (p,): (Σ − highest − lowest) / (n − 2) where n ≥ `trim_from`, else the plain mean.

    One score is dropped at each end, also where several are equally high or low. Source: handbook §7 (n ≥ 7), after
    the usage of panels; the provincial rule itself could not be read.
    """
    return _trim(sheet.total[None, :], sheet, trim_from).reshape(-1)


def _trim(totals: Floats, sheet: Sheet, trim_from: int) -> Floats:
    """Return trimmed means along the last axis: totals (…, m) to (…, p)."""
    counts = sheet.counts
    sums = np.add.reduceat(totals, sheet.starts, axis=-1)
    ends = sum(ufunc.reduceat(totals, sheet.starts, axis=-1) for ufunc in (np.minimum, np.maximum))
    here = trimmed_here(sheet, trim_from)
    return np.asarray(np.where(here, sums - ends, sums) / np.where(here, counts - 2, counts))


def raw_errors(sheet: Sheet, sds: Floats, rng: np.random.Generator) -> Singles:
    """Return shape (B, p): errors of the plain mean, mean of b_r + ε over the proposal's reviewers.

    `sds`: shape (B, 3), σ_θ, σ_b and σ of each run. Reviewers err alike on all they scored, so errors are correlated.
    """
    scored = sparse.csr_matrix(
        (np.repeat(1 / sheet.counts, sheet.counts).astype(np.float32), (sheet.proposal, sheet.reviewer)),
        shape=(len(sheet.proposals), len(sheet.reviewers)),
    )
    lenience = rng.standard_normal((len(sheet.reviewers), len(sds)), dtype=np.float32) * sds[:, 1].astype(np.float32)
    errors = rng.standard_normal((len(sds), len(sheet.proposals)), dtype=np.float32)
    errors *= sds[:, 2:].astype(np.float32)
    errors /= np.sqrt(sheet.counts).astype(np.float32)
    errors += (scored @ lenience).T
    return errors


def shrunken(score: Floats, errors: Singles, mean: Floats, sds: Floats, rng: np.random.Generator) -> Singles:
    """Return shape (B, p): draws of μ + θ given the proposal's own mean `score` (p,) alone, for ranks.

    Pathwise conditioning: θ* + ρ (score − μ − θ* − e*), θ* ~ N(0, σ_θ²), e* of `errors` (B, p), ρ = σ_θ² / (σ_θ² +
    var e). Without it ranks would be read from scores that err twice, and their intervals would miss too often.
    """
    variance, spread = sds[:, :1] ** 2, errors.var(axis=0, dtype=np.float64)
    result = rng.standard_normal(errors.shape, dtype=np.float32)
    result *= sds[:, :1].astype(np.float32)
    centre, own = mean[:, None].astype(np.float32), score.astype(np.float32)
    for row in range(0, len(result), _CHUNK):  # pieces that stay in the processor's cache
        part = slice(row, row + _CHUNK)
        weight = (variance[part] / (variance[part] + spread)).astype(np.float32)
        result[part] += weight * (own - centre[part] - result[part] - errors[part]) + centre[part]
    return result


def trimmed_errors(sheet: Sheet, trim_from: int, sds: Floats, rng: np.random.Generator) -> Singles:
    """Return shape (B, p): errors of the trimmed mean, the same estimator on b_r + ε alone (it moves with θ)."""
    errors = np.empty((len(sds), len(sheet.proposals)), np.float32)
    for begin in range(0, len(sds), _CHUNK):
        part = sds[begin : begin + _CHUNK]
        noise = rng.standard_normal((len(part), len(sheet.reviewers))) * part[:, 1:2]
        totals = noise[:, sheet.reviewer] + rng.standard_normal((len(part), len(sheet.total))) * part[:, 2:]
        errors[begin : begin + _CHUNK] = _trim(totals, sheet, trim_from)
    return errors
