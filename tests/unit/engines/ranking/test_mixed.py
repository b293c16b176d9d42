"""REML and BLUP against the dense definition: V written out, the likelihood maximised by another optimiser."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from tests.unit.engines.ranking.worlds import TOTAL, panel, table_of
from xiandao.engines.ranking import build_sheet
from xiandao.engines.ranking.mixed import System, fit, freedom
from xiandao.kernel import InvalidValue


def _designs(sheet):
    zp = np.eye(len(sheet.proposals))[sheet.proposal]
    zr = np.eye(len(sheet.reviewers))[sheet.reviewer]
    return zp, zr


def _restricted(sheet, variances):
    """Return −2ℓ_R, with P y and V, from the textbook definition."""
    zp, zr = _designs(sheet)
    n = len(sheet.total)
    v = variances[0] * zp @ zp.T + variances[1] * zr @ zr.T + variances[2] * np.eye(n)
    inverse, one = np.linalg.inv(v), np.ones((n, 1))
    x = one.T @ inverse @ one
    projected = inverse - inverse @ one @ one.T @ inverse / x
    value = np.linalg.slogdet(v)[1] + np.log(x.item()) + sheet.total @ projected @ sheet.total
    return value, projected @ sheet.total


def _dense(sheet):
    """Return the variance components by Nelder-Mead over log SDs, from several starts."""

    def value(logs):
        return _restricted(sheet, np.exp(2 * np.clip(logs, -8, 8)))[0]

    starts = [(1.5, 1.5, 1.5), (2.0, 0.5, 1.5), (0.5, 2.0, 1.5)]
    options = {"xatol": 1e-7, "fatol": 1e-10, "maxiter": 4000, "maxfev": 4000}
    found = min(
        (optimize.minimize(value, s, method="Nelder-Mead", options=options) for s in starts), key=lambda r: r.fun
    )
    return np.exp(found.x), found.fun


@pytest.mark.parametrize(("proposals", "reviewers", "each"), [(14, 6, 3), (6, 12, 8), (9, 9, 5), (25, 8, 2)])
def test_components_and_predictions_are_those_of_the_dense_definition(proposals, reviewers, each):
    _, table = panel(np.random.default_rng(proposals), proposals, reviewers, each)
    sheet = build_sheet(table, TOTAL)
    found = fit(sheet)
    sds, value = _dense(sheet)
    mine = np.array([found.sd_proposal, found.sd_reviewer, found.sd_residual])
    np.testing.assert_allclose(mine, sds, rtol=2e-3, atol=2e-3)
    reached, rest = _restricted(sheet, mine**2)
    assert reached <= value + 1e-6
    zp, zr = _designs(sheet)
    np.testing.assert_allclose(found.quality, found.mean + mine[0] ** 2 * zp.T @ rest, rtol=1e-9)
    np.testing.assert_allclose(found.lenience, mine[1] ** 2 * zr.T @ rest, rtol=1e-7, atol=1e-9)


def test_balanced_table_gives_the_components_of_the_analysis_of_variance():
    # rows 60 70 80 / 64 71 84 / 50 63 70 / 66 72 78: mean squares 96.777…, 355.25, 5.9166…
    scores = np.array([[60, 70, 80], [64, 71, 84], [50, 63, 70], [66, 72, 78]], float)
    sheet = build_sheet(
        table_of({f"P{i}": {f"R{j}": x for j, x in enumerate(row)} for i, row in enumerate(scores)}), TOTAL
    )
    centred = scores - scores.mean()
    rows, columns = centred.mean(axis=1, keepdims=True), centred.mean(axis=0, keepdims=True)
    ms_p, ms_r = 3 * (rows**2).sum() / 3, 4 * (columns**2).sum() / 2
    ms_e = ((centred - rows - columns) ** 2).sum() / 6
    found = fit(sheet)
    assert found.sd_residual**2 == pytest.approx(ms_e, rel=1e-5)
    assert found.sd_proposal**2 == pytest.approx((ms_p - ms_e) / 3, rel=1e-5)
    assert found.sd_reviewer**2 == pytest.approx((ms_r - ms_e) / 4, rel=1e-5)
    shrinkage = found.sd_proposal**2 / (found.sd_proposal**2 + ms_e / 3)
    np.testing.assert_allclose(found.quality - found.mean, shrinkage * rows[:, 0], rtol=1e-5)


@pytest.mark.parametrize("ratios", [(1.0, 0.7), (0.3, 2.0), (5.0, 0.01)])
@pytest.mark.parametrize(("proposals", "reviewers"), [(12, 5), (5, 12)])
def test_gradient_is_the_difference_quotient(ratios, proposals, reviewers):
    _, table = panel(np.random.default_rng(3), proposals, reviewers, 4)
    system = System(build_sheet(table, TOTAL))
    gradient, step = system.gradient(system.solve(*ratios)), 1e-6
    for axis in (0, 1):
        ends = []
        for sign in (1, -1):
            point = np.array(ratios)
            point[axis] += sign * step
            ends.append(system.solve(*point).deviance)
        assert gradient[axis] == pytest.approx((ends[0] - ends[1]) / (2 * step), rel=1e-4, abs=1e-5)


def test_many_numbers_of_reviews_take_the_sparse_way_to_the_same_answer():
    rng = np.random.default_rng(5)
    given = {
        f"P{i}": {f"R{j:02d}": float(rng.integers(40, 100)) for j in rng.choice(20, 2 + i % 12, replace=False)}
        for i in range(30)
    }
    system = System(build_sheet(table_of(given), TOTAL))
    assert system._together is None
    dense = system.both.toarray()
    weight = 1 / (1 + system.n_a)
    np.testing.assert_allclose(system.crossed(weight), dense.T @ (weight[:, None] * dense))


def test_component_that_chance_explains_is_zero():
    given = {"A": {"x": 60, "y": 80}, "B": {"x": 80, "y": 60}, "C": {"x": 60, "y": 80}, "D": {"x": 80, "y": 60}}
    found = fit(build_sheet(table_of(given), TOTAL))
    assert found.sd_proposal == 0
    assert found.sd_reviewer == 0
    assert found.quality.tolist() == [70.0] * 4


def test_one_reviewer_each_cannot_be_told_apart():
    sheet = build_sheet(table_of({p: {"a": 60 + i} for i, p in enumerate("ABC")}), TOTAL)
    assert freedom(sheet) == 0
    with pytest.raises(InvalidValue, match="至少有两名评委"):
        fit(sheet)


def test_scores_all_alike_are_refused():
    with pytest.raises(InvalidValue, match="都一样"):
        fit(build_sheet(table_of({p: dict.fromkeys("abc", 80) for p in "ABC"}), TOTAL))


@given(st.integers(0, 10_000), st.floats(-15, 15), st.floats(0.3, 1.2))
@settings(max_examples=8, deadline=None)
def test_shift_and_scale_of_scores_shift_and_scale_the_result(seed, shift, scale):
    rng = np.random.default_rng(seed)
    given = {f"P{i}": {f"R{j}": float(rng.integers(45, 56)) for j in rng.choice(5, 3, replace=False)} for i in range(8)}
    moved = {p: {r: 50 + scale * (x - 50) + shift for r, x in row.items()} for p, row in given.items()}
    one, other = (fit(build_sheet(table_of(table), TOTAL)) for table in (given, moved))
    np.testing.assert_allclose(other.quality, 50 + scale * (one.quality - 50) + shift, atol=2e-3)
    assert other.sd_residual == pytest.approx(scale * one.sd_residual, rel=1e-3)
