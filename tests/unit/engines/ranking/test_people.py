"""Disagreement on proposals, diagnostics of reviewers, agreement of the panel, and what a void changes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tests.unit.engines.ranking.worlds import TOTAL, panel, table_of
from xiandao.engines.ranking import (
    Cut,
    Method,
    Place,
    Revision,
    Rules,
    Score,
    ScoreTable,
    Void,
    agreement,
    build_sheet,
    compare,
    disagreements,
    rank,
    reviewer_table,
    revisions,
    void_and_rank,
)
from xiandao.kernel import InvalidValue


def test_wide_spread_and_far_reviewers_are_asked():
    given = {"宽": {"a": 50, "b": 85, "c": 90}, "窄": {"a": 70, "b": 72, "c": 74}, "单": {"a": 60}}
    found = disagreements(build_sheet(table_of(given), TOTAL))
    rows = dict(zip(("单", "宽", "窄"), range(3), strict=True))
    assert found.asked.tolist() == [name == "宽" for name in sorted(rows)]
    i = sorted(rows).index("宽")
    assert found.sd[i] == pytest.approx(21.794, abs=1e-3)
    assert (found.mean[i], found.median[i], found.spread[i]) == (75.0, 85.0, 40.0)
    assert [(o.proposal, o.reviewer, o.total, o.distance) for o in found.outliers] == [("宽", "a", 50.0, -25.0)]
    assert np.isnan(found.sd[sorted(rows).index("单")])
    assert np.isnan(found.expected_sd)


def test_disagreement_against_what_chance_makes():
    _, table = panel(np.random.default_rng(1), 300, 40, 4)
    found = rank(table, TOTAL, rules=Rules(runs=100))
    spread = disagreements(found.sheet, found.fit)
    assert spread.expected_sd == pytest.approx(np.hypot(5, 6), rel=0.1)
    assert np.mean(spread.chance < 0.1) == pytest.approx(0.1, abs=0.05)


def test_severe_flat_and_disagreeing_reviewers_are_found():
    rng = np.random.default_rng(2)
    quality = rng.normal(70, 8, 30)
    given = {
        f"P{i:02d}": {
            "好": q + rng.normal(0, 3), "好2": q + rng.normal(0, 3), "严": q - 15 + rng.normal(0, 3),
            "平": 80 + (i % 2), "反": 140 - q + rng.normal(0, 3),
        }
        for i, q in enumerate(quality)
    }  # fmt: skip
    found = reviewer_table(rank(table_of(given), TOTAL))
    who = sorted(["好", "好2", "严", "平", "反"])
    at = {name: i for i, name in enumerate(who)}
    assert [name for name in who if found.severe[at[name]]] == ["严"]
    assert [name for name in who if found.flat[at[name]]] == ["平"]
    assert found.agreement[at["反"]] < -0.5
    assert found.agreement[at["好"]] > 0.4
    assert found.distinct[at["平"]] == 2
    assert found.count.tolist() == [30] * 5


def test_leave_one_out_is_the_plain_correlation():
    _, table = panel(np.random.default_rng(3), 15, 6, 3)
    ranking = rank(table, TOTAL, rules=Rules(runs=100))
    sheet, found = ranking.sheet, reviewer_table(ranking)
    scores = {(p, r): x for p, r, x in zip(sheet.proposal, sheet.reviewer, sheet.total, strict=True)}
    for r in range(len(sheet.reviewers)):
        mine = [
            (x, np.mean([y for (q, s), y in scores.items() if q == p and s != r]))
            for (p, t), x in scores.items()
            if t == r
        ]
        own, others = np.array(mine).T
        assert found.common[r] == len(own)
        assert found.distance[r] == pytest.approx(np.abs(own - others).mean())
        if len(own) > 2:
            assert found.agreement[r] == pytest.approx(np.corrcoef(own, others)[0, 1])


def test_interval_of_severity_covers():
    rng, hits = np.random.default_rng(4), []
    for turn in range(40):
        lenience = rng.normal(0, 5, 8)
        quality = rng.normal(50, 6, 20)
        given = {
            f"P{i:02d}": {f"R{j}": quality[i] + lenience[j] + rng.normal(0, 5) for j in rng.choice(8, 4, replace=False)}
            for i in range(20)
        }
        found = reviewer_table(rank(table_of(given), TOTAL, rules=Rules(runs=400, seed=turn)))
        hits.append(((found.low <= lenience) & (lenience <= found.high)).mean())
    assert np.mean(hits) >= 0.92


def test_kendall_of_a_textbook_table():
    # three judges, perfect agreement of two, third reversed in the middle: R = 3 8 7 12, S = 41, W = 12·41 / (9·60)
    given = {
        "A": {"x": 90, "y": 90, "z": 90},
        "B": {"x": 80, "y": 80, "z": 70},
        "C": {"x": 70, "y": 70, "z": 80},
        "D": {"x": 60, "y": 60, "z": 60},
    }
    found = agreement(build_sheet(table_of(given), TOTAL))
    assert found.kendall_w == pytest.approx(12 * 41 / 540)
    assert found.chance == pytest.approx(stats.chi2.sf(3 * 3 * 12 * 41 / 540, 3))


@given(
    st.lists(st.tuples(*[st.integers(0, 5)] * 3), min_size=4, max_size=8).filter(
        lambda t: all(len(set(c)) > 1 for c in zip(*t, strict=True))
    )
)
def test_kendall_with_ties_is_friedmans_statistic(rows):
    table = table_of({f"P{i}": {f"R{j}": 10 * x for j, x in enumerate(row)} for i, row in enumerate(rows)})
    found = agreement(build_sheet(table, TOTAL))
    friedman = stats.friedmanchisquare(*np.array(rows)).statistic
    assert found.kendall_w == pytest.approx(friedman / (3 * (len(rows) - 1)))


def test_kendall_needs_a_full_table():
    assert agreement(build_sheet(table_of({"A": {"x": 1, "y": 2}, "B": {"x": 1}}), TOTAL)).kendall_w is None


def _alpha(units):
    """Return Krippendorff's alpha from all pairs, as the definition says."""
    units = [u for u in units if len(u) > 1]
    values = [x for u in units for x in u]
    observed = sum(sum((a - b) ** 2 for a in u for b in u) / (len(u) - 1) for u in units) / len(values)
    expected = sum((a - b) ** 2 for a in values for b in values) / (len(values) * (len(values) - 1))
    return 1 - observed / expected


@given(st.lists(st.lists(st.integers(0, 9), min_size=1, max_size=5), min_size=2, max_size=8))
def test_alpha_is_that_of_all_pairs(units):
    pairable = [x for u in units if len(u) > 1 for x in u]
    sheet = build_sheet(
        table_of({f"P{i}": {f"R{j}": 10 * x for j, x in enumerate(u)} for i, u in enumerate(units)}), TOTAL
    )
    found = agreement(sheet).alpha
    if len(set(pairable)) < 2:
        assert found is None
    else:
        assert found == pytest.approx(_alpha(units), abs=1e-9)


GIVEN = {
    "A": {"x": 90, "y": 86, "z": 88}, "B": {"x": 84, "y": 83, "z": 85}, "C": {"x": 99, "y": 78, "z": 76},
    "D": {"x": 70, "y": 68, "z": 71}, "E": {"x": 60, "y": 62, "z": 61},
}  # fmt: skip


def test_void_recomputes_and_traces():
    table = table_of(GIVEN)
    found = void_and_rank(table, TOTAL, [Void("C", "x", "评审开始后发现为同一单位")], cut=Cut(places=2))
    raw = {change.proposal: change for change in found.changes if change.method is Method.RAW}
    assert raw["C"].score == (pytest.approx(253 / 3), 77.0)
    assert raw["C"].rank == (2, 3)
    assert raw["B"].rank == (3, 2)
    assert found.sentences[0] == "x对C的评分作废（原99.00分）：评审开始后发现为同一单位。"
    assert any(sentence.startswith("C平均分84.33→77.00，名次2→3") for sentence in found.sentences)
    assert found.sentences[-1].endswith("有效评分由15份变为14份。")
    assert found.before.sheet.voided == ()
    assert found.after.sheet.voided == (("C", "x"),)
    direct = rank(table, TOTAL, voids=[Void("C", "x", "")], cut=Cut(places=2))
    assert compare(found.after, direct) == ()


def test_void_of_the_only_score_takes_the_proposal_out_of_the_ranking():
    table = table_of({**GIVEN, "F": {"x": 95}})
    found = void_and_rank(table, TOTAL, [Void("F", "x", "配偶")], cut=Cut(places=2))
    change = next(c for c in found.changes if c.proposal == "F" and c.method is Method.RAW)
    assert change.score == (95.0, None)
    assert change.rank == (1, None)
    assert change.place[0] in set(Place)
    assert change.place[1] is None
    assert found.after.sheet.unscored == ("F",)


def test_void_twice_or_of_nothing_is_refused():
    void = Void("C", "x", "")
    with pytest.raises(InvalidValue, match="x→C"):
        void_and_rank(table_of(GIVEN), TOTAL, [void], voids=[void])
    with pytest.raises(InvalidValue):
        void_and_rank(table_of(GIVEN), TOTAL, [])


def test_revisions_after_a_discussion():
    rows = [Score(p, r, "总分", x) for p, row in GIVEN.items() for r, x in row.items()]
    rows += [Score("C", "x", "总分", 85, 2), Score("D", "y", "总分", 68, 2), Score("E", "z", "总分", None, 2)]
    assert revisions(ScoreTable.of(rows), TOTAL) == (Revision("C", "x", 99.0, 85.0), Revision("E", "z", 61.0, None))
