"""The severity of reviewers taken out: a mixed model over who scored what, fitted by REML.

    y_pr = μ + θ_p + b_r + ε_pr,   θ ~ N(0, σ_θ²), b ~ N(0, σ_b²), ε ~ N(0, σ²)

With s = σ_θ/σ or σ_b/σ and unit random effects v (θ = σ_θ v), Henderson's equations are bordered by μ. The larger of
the two factors is diagonal and eliminated; left is a dense system S in μ and the smaller factor (Schur complement):

    D = 1 + s_a² n_a,   S = [N, s_b n_b'; s_b n_b, I + s_b² diag n_b] − L' D⁻¹ L,   L = s_a [n_a, s_b B]

B counts who scored what. The profiled restricted likelihood is −2ℓ = (N − 1) log q + Σ log D + log|S|, with
q = y'y − s_a² Σ Y_a²/D − t'S⁻¹t and σ̂² = q / (N − 1); its gradient in s_i is (2/s_i)(levels_i − tr C_ii − |v̂_i|²/σ̂²),
C the inverse of the equations. Nothing divides by a variance component, so 0 is an ordinary value.
Source: Henderson (1975), Biometrics 31; Patterson and Thompson (1971), Biometrika 58; Searle, Casella and McCulloch,
Variance Components (1992), ch. 6 and 7.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import linalg, optimize, sparse
from scipy.linalg import lapack

from xiandao.engines.ranking.model import Floats, Ints
from xiandao.engines.ranking.sheet import Sheet
from xiandao.kernel import InvalidValue

GREATEST_RATIO = 1e3
"""No standard deviation is sought beyond so many times the residual one."""
_TINY = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """Variance components, and the best linear unbiased predictions at them.

    `mean`: μ. `sd_proposal`, `sd_reviewer`, `sd_residual`: σ_θ, σ_b, σ on 0–100. `quality`: shape (p,), μ + θ_p.
    `lenience`: shape (r,), b_r; negative is severe. `deviance`: −2ℓ without its constant.
    """

    mean: float
    sd_proposal: float
    sd_reviewer: float
    sd_residual: float
    quality: Floats
    lenience: Floats
    deviance: float

    @property
    def ratios(self) -> Floats:
        """Shape (2,): σ_θ/σ and σ_b/σ."""
        return np.array([self.sd_proposal, self.sd_reviewer]) / self.sd_residual


@dataclass(frozen=True, slots=True, eq=False)
class Solved:
    """Henderson's equations at one pair of ratios; `a` is the eliminated factor, `b` the one left with μ.

    `root`: lower Cholesky factor of S. `left`: shape (1 + b,), μ and v̂_b. `q`: the quadratic form of the residuals.
    """

    s_a: float
    s_b: float
    diagonal: Floats
    root: Floats
    left: Floats
    q: float
    deviance: float


class System:
    """The scores of a sheet prepared for solving at any ratios; `proposals_eliminated` tells which factor is `a`."""

    def __init__(self, sheet: Sheet) -> None:
        p, r = len(sheet.proposals), len(sheet.reviewers)
        self.proposals_eliminated = p >= r
        a, b = (sheet.proposal, sheet.reviewer) if p >= r else (sheet.reviewer, sheet.proposal)
        self.levels_a, self.levels_b = max(p, r), min(p, r)
        self.number = len(sheet.total)
        self.centre = float(sheet.total.mean())
        y = sheet.total - self.centre
        self.n_a, self.n_b = (np.bincount(f, minlength=k) for f, k in ((a, self.levels_a), (b, self.levels_b)))
        self.y_a, self.y_b = (np.bincount(f, y, k) for f, k in ((a, self.levels_a), (b, self.levels_b)))
        self.y_y = float(y @ y)
        self.y_1 = float(y.sum())
        self.both = sparse.csr_matrix((np.ones(self.number), (a, b)), shape=(self.levels_a, self.levels_b))
        self._kinds, self._kind = np.unique(self.n_a, return_inverse=True)
        self._together = self._by_kind()

    def _by_kind(self) -> list[Floats] | None:
        """Return B'B over the rows of each number of scores, where there are few such numbers; else None."""
        if len(self._kinds) > 8 or self.levels_b**2 * len(self._kinds) > 2e7:  # noqa: PLR2004 — 160 MB
            return None
        parts = (self.both[np.flatnonzero(self._kind == k)] for k in range(len(self._kinds)))
        return [np.asarray((part.T @ part).toarray(), np.float64) for part in parts]

    def crossed(self, weight: Floats) -> Floats:
        """Return B' diag(weight) B, dense; `weight`, shape (a,), depends on the number of scores alone."""
        if self._together is None:
            return np.asarray((self.both.T @ sparse.diags(weight) @ self.both).toarray(), np.float64)
        of_kind = np.zeros(len(self._kinds))
        of_kind[self._kind] = weight
        return np.asarray(sum(w * m for w, m in zip(of_kind, self._together, strict=True)), np.float64)

    def bordered(self, weight: Floats, s_a: float, s_b: float) -> Floats:
        """Return L' diag(weight) L, shape (1 + b, 1 + b)."""
        m = np.empty((1 + self.levels_b, 1 + self.levels_b))
        m[0, 0] = s_a**2 * float(weight @ self.n_a**2)
        m[0, 1:] = m[1:, 0] = s_a**2 * s_b * (self.both.T @ (weight * self.n_a))
        m[1:, 1:] = (s_a * s_b) ** 2 * self.crossed(weight)
        return m

    def solve(self, s_proposal: float, s_reviewer: float) -> Solved:
        """Return the solution at σ_θ/σ and σ_b/σ."""
        s_a, s_b = (s_proposal, s_reviewer) if self.proposals_eliminated else (s_reviewer, s_proposal)
        diagonal = np.asarray(1 + s_a**2 * self.n_a, np.float64)
        s = -self.bordered(1 / diagonal, s_a, s_b)
        s[0, 0] += self.number
        s[0, 1:] += s_b * self.n_b
        s[1:, 0] += s_b * self.n_b
        index = np.arange(1, 1 + self.levels_b)
        s[index, index] += 1 + s_b**2 * self.n_b
        t = np.concatenate(
            [
                [self.y_1 - s_a**2 * float((self.n_a * self.y_a) @ (1 / diagonal))],
                s_b * (self.y_b - s_a**2 * (self.both.T @ (self.y_a / diagonal))),
            ]
        )
        root = linalg.cholesky(s, lower=True, overwrite_a=True, check_finite=False)
        left = linalg.cho_solve((root, True), t, check_finite=False)
        q = self.y_y - s_a**2 * float(self.y_a**2 @ (1 / diagonal)) - float(t @ left)
        q = max(q, _TINY * self.y_y)
        logs = float(np.log(diagonal).sum() + 2 * np.log(np.diag(root)).sum())
        return Solved(s_a, s_b, diagonal, root, left, q, (self.number - 1) * float(np.log(q)) + logs)

    def eliminated(self, solved: Solved) -> Floats:
        """Return v̂_a, shape (a,)."""
        rest = self.y_a - self.n_a * solved.left[0] - solved.s_b * (self.both @ solved.left[1:])
        return np.asarray(solved.s_a * rest / solved.diagonal)

    def traces(self, solved: Solved) -> tuple[float, float]:
        """Return tr C_aa and tr C_bb, C the inverse of the equations."""
        lower = np.tril(lapack.dpotri(solved.root, lower=True)[0])
        inverse = lower + np.tril(lower, -1).T
        spread = self.bordered(1 / solved.diagonal**2, solved.s_a, solved.s_b)
        of_a = float((1 / solved.diagonal).sum() + (inverse * spread).sum())
        return of_a, float(np.trace(inverse)) - float(inverse[0, 0])

    def gradient(self, solved: Solved) -> Floats:
        """Return the derivative of −2ℓ by σ_θ/σ and σ_b/σ, shape (2,)."""
        variance = solved.q / (self.number - 1)
        levels = (self.levels_a, self.levels_b)
        effects = (self.eliminated(solved), solved.left[1:])
        slope = [
            2 / max(s, _TINY) * (number - trace - float(v @ v) / variance)
            for s, number, trace, v in zip((solved.s_a, solved.s_b), levels, self.traces(solved), effects, strict=True)
        ]
        return np.array(slope if self.proposals_eliminated else slope[::-1])


def freedom(sheet: Sheet) -> int:
    """Return the degrees of freedom left for the residual: scores − proposals − reviewers + groups."""
    groups = int(sheet.group.max(initial=-1)) + 1
    return len(sheet.total) - len(sheet.proposals) - len(sheet.reviewers) + groups


def check(sheet: Sheet) -> None:
    """Raise `InvalidValue` where nothing is left to tell proposals, reviewers and chance apart."""
    if freedom(sheet) < 1:
        raise InvalidValue(
            f"{len(sheet.proposals)}个项目、{len(sheet.reviewers)}名评委、{len(sheet.total)}份评分",
            "足以分清项目好坏与评委宽严的交叉评分",
            "请让每个项目至少有两名评委，且评委之间有共同评过的项目",
            "评分",
        )


def fit(sheet: Sheet, system: System | None = None) -> Fit:
    """Return the REML fit of a sheet by L-BFGS-B with the exact gradient, from several starts.

    Raises `InvalidValue` where nothing is left to tell proposals, reviewers and chance apart (see `freedom`), or all
    totals are equal.
    """
    check(sheet)
    system = system or System(sheet)
    if system.y_y <= _TINY * (1 + system.centre**2) * system.number:
        raise InvalidValue(f"{system.centre:g}", "不完全相同的分数", "所有评委给所有项目的分数都一样，无法校正", "评分")

    def objective(s: Floats) -> tuple[float, Floats]:
        solved = system.solve(float(s[0]), float(s[1]))
        return solved.deviance, system.gradient(solved)

    bounds = [(_TINY, GREATEST_RATIO)] * 2
    starts = ((1.0, 0.7),) if system.number > 5_000 else ((1.0, 0.7), (0.2, 0.2), (3.0, 3.0))  # noqa: PLR2004 — many
    found = min(
        (
            optimize.minimize(objective, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"ftol": 1e-13})
            for start in starts
        ),
        key=lambda result: float(result.fun),
    )
    return fit_at(system, *(float(s) if s > 1e-6 else 0.0 for s in found.x))  # noqa: PLR2004 — s² is below rounding


def fit_at(system: System, s_proposal: float, s_reviewer: float) -> Fit:
    """Return the predictions at given ratios, σ² estimated at them."""
    solved = system.solve(s_proposal, s_reviewer)
    sd = float(np.sqrt(solved.q / (system.number - 1)))
    v_a, v_b = system.eliminated(solved), solved.left[1:]
    v_p, v_r = (v_a, v_b) if system.proposals_eliminated else (v_b, v_a)
    mean = system.centre + float(solved.left[0])
    return Fit(
        mean=mean,
        sd_proposal=s_proposal * sd,
        sd_reviewer=s_reviewer * sd,
        sd_residual=sd,
        quality=mean + s_proposal * v_p,
        lenience=s_reviewer * v_r,
        deviance=solved.deviance,
    )


def counts_of(sheet: Sheet) -> tuple[Ints, Ints]:
    """Return the number of totals of each proposal, shape (p,), and of each reviewer, shape (r,)."""
    return sheet.counts, np.bincount(sheet.reviewer, minlength=len(sheet.reviewers))
