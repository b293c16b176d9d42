"""Both modes against every possible assignment of tiny problems; post-conditions; ties; monotonicity; ways out."""

from dataclasses import replace
from fractions import Fraction
from itertools import combinations, product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from xiandao.engines.assign import Assignment, Impossible, Limits, Mode, Problem, Quota, assign, check

WIDE = Limits(nodes=10_000, rounds=20)


@st.composite
def problems(draw, *, quotas=False):
    rows, columns = draw(st.integers(1, 3)), draw(st.integers(1, 5))
    level = st.sampled_from([np.nan, 0.0, 0.2, 0.2, 0.5, 0.8, 1.0])
    table = np.array(draw(st.lists(level, min_size=rows * columns, max_size=rows * columns)), dtype=float)
    least = draw(st.integers(0, 2))
    low = draw(st.sampled_from([0, 0, 1]))
    problem = Problem(
        tuple(f"P{i}" for i in range(rows)),
        tuple(f"E{i}" for i in range(columns)),
        table.reshape(rows, columns),
        (least, least + draw(st.integers(0, 1))),
        (low, max(low, draw(st.integers(1, 3)))),
        draw(st.sampled_from(["甲", "乙"])),
        floor=draw(st.sampled_from([0.0, 0.0, 0.3])),
    )
    pairs = [(p, e) for p in problem.proposals for e in problem.experts]
    problem = replace(problem, forbidden=frozenset(draw(st.sets(st.sampled_from(pairs), max_size=2))))
    if not quotas:
        return problem
    names = st.lists(st.sampled_from(["", "甲", "乙"]), min_size=columns, max_size=columns).map(tuple)
    kinds = st.lists(st.sampled_from([frozenset(), frozenset({"产业"})]), min_size=columns, max_size=columns).map(tuple)
    quota = st.builds(
        Quota,
        st.just("产业"),
        st.sampled_from([0, 1]),
        st.sampled_from([None, 1]),
        st.sampled_from([Fraction(0), Fraction(1, 3)]),
        st.sampled_from([None, Fraction(2, 3)]),
        st.sampled_from([None, frozenset({"P0"})]),
    )
    return replace(
        problem,
        employers=draw(st.sampled_from([(), draw(names)])),
        cities=draw(names),
        city_most=draw(st.sampled_from([None, 1])),
        city_share=draw(st.sampled_from([None, Fraction(1, 2)])),
        kinds=draw(kinds),
        quotas=tuple(draw(st.lists(quota, max_size=1))),
    )


def panel_holds(problem, row, panel):  # noqa: PLR0911 — a list of reasons to say no
    size, proposal = len(panel), problem.proposals[row]
    least, most = problem.need
    if not least <= size <= most:
        return False
    for column in panel:
        value = problem.suitability[row, column]
        if np.isnan(value) or value < problem.floor or (proposal, problem.experts[column]) in problem.forbidden:
            return False
    known = [problem.employers[c] for c in panel if problem.employers and problem.employers[c]]
    if len(known) != len(set(known)):
        return False
    for city in {problem.cities[c] for c in panel if problem.cities and problem.cities[c]}:
        n = sum(problem.cities[c] == city for c in panel)
        if problem.city_most is not None and n > problem.city_most:
            return False
        if problem.city_share is not None and n > problem.city_share * size:
            return False
    for quota in problem.quotas:
        if quota.proposals is not None and proposal not in quota.proposals:
            continue
        n = sum(quota.kind in problem.kinds[c] for c in panel)
        most = size if quota.most is None else quota.most
        share = Fraction(1) if quota.most_share is None else quota.most_share
        if n < quota.least or n > most or n < quota.least_share * size or n > share * size:
            return False
    return True


def every(problem):
    """Yield every assignment as (weakest, sum, worst total, pairs), all in millionths."""
    columns = range(len(problem.experts))
    panels = [
        [p for n in range(len(columns) + 1) for p in combinations(columns, n) if panel_holds(problem, row, p)]
        for row in range(len(problem.proposals))
    ]
    for choice in product(*panels):
        loads = np.bincount([c for panel in choice for c in panel], minlength=len(columns))
        if (loads >= problem.load[0]).all() and (loads <= problem.load[1]).all():
            values = [[round(problem.suitability[row, c] * 1e6) for c in panel] for row, panel in enumerate(choice)]
            flat = [value for panel in values for value in panel]
            yield min(flat, default=10**9), sum(flat), min(map(sum, values)), choice


def millionths(number):
    return round(number * 1e6)


def assert_best(problem, found, all_of):
    """The highest weakest pair, then the sum; where nothing has to be assigned there is no weakest pair, only the sum."""
    forced = problem.need[0] > 0 or problem.load[0] > 0
    weakest, total, _, _ = max(all_of, key=lambda each: each[:2] if forced else each[1])
    assert millionths(found.total.value) == total
    assert found.total.proven
    if forced:
        assert millionths(found.weakest.value) == weakest
        assert found.weakest.proven


@settings(max_examples=250, deadline=None)
@given(problems())
def test_weakest_first_is_the_best_of_all(problem):
    found, all_of = assign(problem), list(every(problem))
    if not all_of:
        assert isinstance(found, Impossible)
        return
    assert isinstance(found, Assignment)
    assert check(found, problem) == []
    assert_best(problem, found, all_of)
    assert found.method == "flow"


@settings(max_examples=200, deadline=None)
@given(problems(quotas=True))
def test_weakest_first_with_quotas_is_the_best_of_all(problem):
    found, all_of = assign(problem, limits=WIDE), list(every(problem))
    if not all_of:
        assert isinstance(found, Impossible)
        return
    assert isinstance(found, Assignment)
    assert check(found, problem) == []
    assert_best(problem, found, all_of)


@settings(max_examples=150, deadline=None)
@given(problems(quotas=True))
def test_the_fairest_is_the_fairest_of_all(problem):
    found, all_of = assign(problem, mode=Mode.FAIREST, limits=WIDE), list(every(problem))
    if not all_of:
        assert isinstance(found, Impossible)
        return
    assert check(found, problem) == []
    best = max(each[2] for each in all_of)
    assert millionths(found.worst.value) == best
    assert millionths(found.worst.bound) >= best
    assert found.worst.proven


@settings(max_examples=80, deadline=None)
@given(problems(), st.data())
def test_the_answer_does_not_depend_on_the_order_given(problem, data):
    rows = data.draw(st.permutations(range(len(problem.proposals))))
    columns = data.draw(st.permutations(range(len(problem.experts))))
    other = replace(
        problem,
        proposals=tuple(problem.proposals[r] for r in rows),
        experts=tuple(problem.experts[c] for c in columns),
        suitability=problem.suitability[rows][:, columns],
    )
    first, second = assign(problem), assign(other)
    assert type(first) is type(second)
    if isinstance(first, Assignment):
        assert set(first.pairs) == set(second.pairs)
        assert assign(problem) == first


@settings(max_examples=80, deadline=None)
@given(problems())
def test_one_more_expert_never_lowers_the_weakest_pair(problem):
    problem = replace(problem, load=(0, problem.load[1]))
    more = replace(
        problem,
        experts=(*problem.experts, "新"),
        suitability=np.column_stack([problem.suitability, np.full(len(problem.proposals), 0.6)]),
    )
    first, second = assign(problem), assign(more)
    if isinstance(first, Assignment) and first.weakest is not None and problem.need[0] > 0:
        assert isinstance(second, Assignment)
        assert second.weakest.value >= first.weakest.value


def relaxed(problem, changes):
    need = [list(problem.need) for _ in problem.proposals]
    load = [list(problem.load) for _ in problem.experts]
    for change in changes:
        if change.what.startswith("need"):
            row = problem.proposals.index(change.key)
            need[row][change.what == "need_most"] += change.by if change.what == "need_most" else -change.by
        else:
            column = problem.experts.index(change.key)
            load[column][change.what == "load_most"] += change.by if change.what == "load_most" else -change.by
    return replace(problem, need=tuple(map(tuple, need)), load=tuple(map(tuple, load)))


@settings(max_examples=300, deadline=None)
@given(problems(), st.data())
def test_what_is_said_to_help_helps_and_less_does_not(problem, data):
    found = assign(problem, limits=WIDE)
    if isinstance(found, Assignment):
        return
    assert found.shortages
    assert found.words.endswith("。")
    for shortage in found.shortages:
        assert shortage.needed > shortage.available
        assert str(shortage.needed) in shortage.words
    assert found.relaxations
    for relaxation in found.relaxations:
        assert isinstance(assign(relaxed(problem, relaxation.changes)), Assignment)
        assert relaxation.least
        change = data.draw(st.sampled_from(relaxation.changes))
        less = [replace(each, by=each.by - (each is change)) for each in relaxation.changes]
        assert isinstance(assign(relaxed(problem, less)), Impossible)
