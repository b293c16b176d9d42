"""Plain and trimmed means of a proposal's totals, and by how much they miss when reviewers are others."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from xiandao.engines.ranking.model import Bools, Floats
from xiandao.engines.ranking.sheet import Sheet


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


def raw_errors(sheet: Sheet, sds: Floats, rng: np.random.Generator) -> Floats:
    """Return shape (B, p): errors of the plain mean, mean of b_r + ε over the proposal's reviewers.

    `sds`: shape (B, 3), σ_θ, σ_b and σ of each run. Reviewers err alike on all they scored, so errors are correlated.
    """
    scored = sparse.csr_matrix(
        (1 / np.repeat(sheet.counts, sheet.counts), (sheet.proposal, sheet.reviewer)),
        shape=(len(sheet.proposals), len(sheet.reviewers)),
    )
    lenience = rng.standard_normal((len(sheet.reviewers), len(sds))) * sds[:, 1]
    errors = np.ascontiguousarray((scored @ lenience).T)
    errors += rng.standard_normal(errors.shape) * (sds[:, 2:] / np.sqrt(sheet.counts))
    return errors


def shrunken(score: Floats, errors: Floats, mean: Floats, sds: Floats, rng: np.random.Generator) -> Floats:
    """Return shape (B, p): draws of μ + θ given the proposal's own mean `score` (p,) alone, for ranks.

    Pathwise conditioning: θ* + ρ (score − μ − θ* − e*), θ* ~ N(0, σ_θ²), e* of `errors` (B, p), ρ = σ_θ² / (σ_θ² +
    var e). Without it ranks would be read from scores that err twice, and their intervals would miss too often.
    """
    variance = sds[:, :1] ** 2
    weight = variance / (variance + errors.var(axis=0))
    result = rng.standard_normal(errors.shape)
    result *= sds[:, :1]
    result += weight * (score - mean[:, None] - result - errors)
    result += mean[:, None]
    return result


def trimmed_errors(sheet: Sheet, trim_from: int, sds: Floats, rng: np.random.Generator, chunk: int = 100) -> Floats:
    """Return shape (B, p): errors of the trimmed mean, the same estimator on b_r + ε alone (it moves with θ)."""
    errors = np.empty((len(sds), len(sheet.proposals)))
    for begin in range(0, len(sds), chunk):
        part = sds[begin : begin + chunk]
        noise = rng.standard_normal((len(part), len(sheet.reviewers))) * part[:, 1:2]
        totals = noise[:, sheet.reviewer] + rng.standard_normal((len(part), len(sheet.total))) * part[:, 2:]
        errors[begin : begin + chunk] = _trim(totals, sheet, trim_from)
    return errors
