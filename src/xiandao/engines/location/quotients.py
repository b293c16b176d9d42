"""Shares, location quotients and the likeness of structures."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def shares(amounts: ArrayLike, *, whole: ArrayLike | None = None) -> Floats:
    """Return what share of each place's total an industry has (places x industries); NaN where the total is 0.

    `whole`: the places' totals, where they are more than the sum of the industries (all registered enterprises).
    """
    table = _table(amounts)
    total = table.sum(axis=1) if whole is None else _totals(whole, len(table))
    return _over(table, total[:, None])


def quotients(amounts: ArrayLike, *, whole: ArrayLike | None = None) -> Floats:
    """Return the location quotient of each place and industry; NaN where place, industry or everything is 0.

    `whole`: the places' totals, where they are more than the sum of the industries.
    Raises ValueError for tables that are not two-dimensional, negative or not finite amounts, totals of another length.

    >>> quotients([[3, 1], [1, 3]]).round(2).tolist()
    [[1.5, 0.5], [0.5, 1.5]]
    """
    table = _table(amounts)
    total = table.sum(axis=1) if whole is None else _totals(whole, len(table))
    everywhere = _over(table.sum(axis=0), np.asarray(total.sum()))
    return _over(_over(table, total[:, None]), everywhere[None, :])


def similarity(amounts: ArrayLike) -> Floats:
    """Return the similarity coefficient of every two places (places x places); NaN for a place without anything."""
    share = shares(amounts)
    length = np.sqrt((share**2).sum(axis=1))
    likeness = _over(share @ share.T, np.outer(length, length))
    return np.where(np.isnan(likeness), np.nan, np.clip(likeness, 0.0, 1.0))


def krugman(amounts: ArrayLike) -> Floats:
    """Return Krugman's index of every two places (places x places); NaN for a place without anything."""
    share = shares(amounts)
    apart: Floats = np.abs(share[:, None, :] - share[None, :, :]).sum(axis=2)
    return apart


def _table(amounts: ArrayLike) -> Floats:
    table = np.asarray(amounts, np.float64)
    if table.ndim != 2:  # noqa: PLR2004 — a table
        raise ValueError("须是 地区×产业 的二维表")
    if not np.isfinite(table).all() or (table < 0).any():
        raise ValueError("表中须是不小于0的数")
    return table


def _totals(whole: ArrayLike, places: int) -> Floats:
    total = np.asarray(whole, np.float64)
    if total.shape != (places,) or not np.isfinite(total).all() or (total < 0).any():
        raise ValueError("各地区的总数须与地区一一对应，且不小于0")
    return total


def _over(above: Floats, below: Floats) -> Floats:
    """Divide; what has no denominator is NaN."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(below > 0, above / np.where(below > 0, below, 1.0), np.nan)
