"""The draw against the algorithm written a second time, against chance, and against every way to tamper with it."""

import hashlib
from collections import Counter
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare

from xiandao.engines.draw import (
    Event,
    Exclusion,
    Member,
    Plan,
    Stratum,
    commit,
    decline,
    draw,
    plan_from_json,
    plan_to_json,
    record_from_json,
    record_to_json,
    replay,
    verify,
)
from xiandao.kernel import InvalidValue

NONCE = "0123456789abcdef" * 4
POOL = tuple(Member(f"E{index:02d}", "技术" if index < 8 else "产业") for index in range(14))
PLAN = Plan(POOL, (Stratum("技术", 3, 2), Stratum("产业", 2, 2)), (Exclusion("E03", "同一单位"),))


def made(plan=PLAN, seed="种子 7", public=""):
    return draw(plan, seed=seed, nonce=NONCE, commitment=commit(seed, NONCE), public=public)


def sha(text):
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def by_the_docstring(plan, seed, public):
    """The package's docstring, read by somebody else: order by number, take the first, then the reserve."""
    out = {each.id for each in plan.excluded}
    drawn, reserves = {}, {}
    for stratum in plan.strata:
        keys = [each.id for each in plan.pool if each.stratum == stratum.name and each.id not in out]
        pairs = sorted((sha(seed + "\n" + public + "\n" + key), key) for key in keys)
        ordered = tuple(key for _, key in pairs)
        drawn[stratum.name] = ordered[: stratum.take]
        reserves[stratum.name] = ordered[stratum.take :][: stratum.reserves]
    return drawn, reserves


def test_hashes_worked_out_elsewhere():
    """Numbers as `printf … | sha256sum` prints them."""
    small = Plan((Member("b", "乙"), Member("a", "甲")), (Stratum("甲", 1), Stratum("乙", 1)))
    assert commit("seed", "0" * 32) == "b2d7539288f826468a65d1ea58a3343d20f409cb2cee55c7bd156e60f9e21b86"
    assert small.pool_hash == "abcaa199aaffa878ffb02ec32dc4392ac1ecbfd4fa7c6dd10dded78cf82e12c9"
    assert small.plan_hash == "58fbd50c8952d5f153dcca2144853328cd6f5833b23fdb952b40dffb1c738ea4"


def test_a_draw_is_what_the_docstring_says_and_holds():
    record = made()
    assert (record.drawn, record.reserves) == by_the_docstring(PLAN, "种子 7", "")
    assert record.names == (*record.drawn["产业"], *record.drawn["技术"])
    assert list(record.drawn) == ["产业", "技术"], "strata by their bytes"
    assert "E03" not in record.drawn["技术"] + record.reserves["技术"]
    assert verify(record) == []
    assert replay(record) == record.names


ids = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=6).map(lambda text: "x" + text)


@st.composite
def plans(draw_):
    import unicodedata

    names = sorted({unicodedata.normalize("NFC", each) for each in draw_(st.sets(ids, min_size=1, max_size=20))})
    strata = draw_(st.lists(st.sampled_from("甲乙丙"), min_size=len(names), max_size=len(names)))
    pool = [Member(name, stratum) for name, stratum in zip(names, strata, strict=True)]
    out = draw_(st.sets(st.sampled_from(names)))
    free = Counter(each.stratum for each in pool if each.id not in out)
    quotas = [Stratum(each, draw_(st.integers(0, free[each])), draw_(st.integers(0, 3))) for each in "甲乙丙"]
    return Plan(tuple(draw_(st.permutations(pool))), tuple(quotas), tuple(Exclusion(each, "回避") for each in out))


@given(plans(), st.integers(0, 10**9).map(str), st.data())
def test_any_draw_is_repeated_whatever_the_order_and_through_json(plan, seed, data):
    record = made(plan, seed)
    assert (record.drawn, record.reserves) == by_the_docstring(plan, seed, "")
    other = Plan(tuple(data.draw(st.permutations(plan.pool))), plan.strata[::-1], plan.excluded[::-1])
    assert made(other, seed) == record
    for _ in range(data.draw(st.integers(0, 4))):
        present = [*record.names, *(key for keys in record.reserves.values() for key in keys)]
        present = [key for key in present if key not in {event.id for event in record.events}]
        if present:
            record = decline(record, data.draw(st.sampled_from(present)), "出差")
    assert verify(record) == []
    assert replay(record) == record.names
    assert record_from_json(record_to_json(record)) == record
    assert plan_from_json(plan_to_json(plan)) == plan
    gone = {event.id for event in record.events}
    assert not gone & set(record.names)
    empty = sum(event.taken_by is None and event.id in sum(record.drawn.values(), ()) for event in record.events)
    assert len(record.names) >= sum(stratum.take for stratum in plan.strata) - len(record.events)
    assert len(set(record.names)) == len(record.names)
    assert empty <= len(record.events)


@given(plans(), st.data())
def test_leaving_one_out_changes_the_order_of_no_other(plan, data):
    stratum = data.draw(st.sampled_from(plan.strata))
    keys = plan.eligible[stratum.name]
    if len(keys) <= stratum.take:
        return
    out = data.draw(st.sampled_from(keys))
    all_of = [Stratum(each.name, each.take if each is stratum else 0, 99) for each in plan.strata]
    full, less = (
        made(Plan(plan.pool, tuple(all_of), excluded))
        for excluded in (plan.excluded, (*plan.excluded, Exclusion(out, "回避")))
    )
    order = [key for key in full.drawn[stratum.name] + full.reserves[stratum.name] if key != out]
    assert list(less.drawn[stratum.name] + less.reserves[stratum.name]) == order


def test_each_set_is_drawn_equally_often():
    """6,000 seeds, 3 of 6: all 20 sets and all 6 first places, by Pearson's chi-square (fixed seeds: never flaky)."""
    plan = Plan(tuple(Member(each, "一") for each in "abcdef"), (Stratum("一", 3, 3),))
    sets, firsts, last = Counter(), Counter(), Counter()
    for seed in range(6000):
        record = made(plan, str(seed))
        sets[frozenset(record.drawn["一"])] += 1
        firsts[record.drawn["一"][0]] += 1
        last[record.reserves["一"][-1]] += 1
    assert set(sets) == {frozenset(each) for each in combinations("abcdef", 3)}
    for counts in (sets, firsts, last):
        assert chisquare(list(counts.values())).pvalue > 0.01


def test_two_strata_are_drawn_independently():
    plan = Plan(tuple(Member(s + x, s) for s in "ab" for x in "123"), (Stratum("a", 1), Stratum("b", 1)))
    pairs = Counter(made(plan, str(seed)).names for seed in range(4500))
    assert len(pairs) == 9
    assert chisquare(list(pairs.values())).pvalue > 0.01


def test_the_next_of_the_reserve_takes_the_seat_until_none_is_left():
    record = made()
    first, second = record.reserves["技术"]
    a, b, c = record.drawn["技术"]
    record = decline(record, b, "出差")
    assert record.names[2:] == (a, first, c)
    record = decline(record, first, "临时有事")
    assert record.names[2:] == (a, second, c)
    record = decline(record, a, "回避")
    assert record.names[2:] == (second, c)
    assert [event.taken_by for event in record.events] == [first, second, None]
    assert verify(record) == []
    with pytest.raises(InvalidValue, match="正在名单或候补中的人"):
        decline(record, a, "再次")


def test_a_reserve_not_yet_called_leaves_the_reserve():
    record = made()
    first, second = record.reserves["产业"]
    record = decline(record, first, "出差")
    record = decline(record, record.drawn["产业"][0], "出差")
    assert record.names[0] == second
    assert [event.taken_by for event in record.events] == [None, second]


def test_the_public_value_decides_and_is_required_where_its_source_was_named():
    plan = Plan(POOL, PLAN.strata, (), "2026-07-01 上证综指收盘")
    assert made(plan, public="3456.78").drawn == by_the_docstring(plan, "种子 7", "3456.78")[0]
    assert made(plan, public="3456.78").names != made(plan, public="3456.79").names
    with pytest.raises(InvalidValue, match="上证综指收盘公布的数"):
        made(plan)
    with pytest.raises(InvalidValue, match="没有约定公开数"):
        made(public="1")


TAMPERED = {
    "seed": (lambda r: replace(r, seed="种子 8"), "算不出事先公布的承诺值"),
    "nonce": (lambda r: replace(r, nonce="x"), "算不出事先公布的承诺值"),
    "pool": (lambda r: replace(r, plan=Plan(POOL[:-1], PLAN.strata, PLAN.excluded)), "名单在公布后被改过"),
    "excluded": (lambda r: replace(r, plan=Plan(POOL, PLAN.strata)), "排除、名额或公开数来源"),
    "public": (lambda r: replace(r, public="3"), "公开数与方案的约定不符"),
    "drawn": (lambda r: replace(r, drawn={**r.drawn, "技术": r.drawn["技术"][::-1]}), "层“技术”抽出或候补的人"),
    "stratum": (lambda r: replace(r, drawn={**r.drawn, "亲友": ("E99",)}), "层“亲友”不在方案中"),
    "names": (lambda r: replace(r, names=("E00",)), "最后名单应为"),
    "taken_by": (lambda r: replace(r, events=(Event(r.names[0], "出差", "E99"),)), "的递补应为"),
    "event": (lambda r: replace(r, events=(Event("E99", "出差"),)), "按记录重做不成"),
    "quota": (lambda r: replace(r, plan=Plan(POOL, (Stratum("技术", 99), Stratum("产业", 1)))), "按记录重做不成"),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_tampering_is_named(what):
    change, words = TAMPERED[what]
    faults = verify(change(made()))
    assert any(words in fault for fault in faults), faults


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (lambda: Plan((Member("a", "x"), Member("a", "x")), (Stratum("x", 1),)), "各不相同"),
        (lambda: Plan((Member("a", "y"),), (Stratum("x", 1),)), "方案中列出的层"),
        (lambda: Plan((Member("a", "x"),), (Stratum("x", 1),), (Exclusion("b", "回避"),)), "抽取池中的编号"),
        (lambda: Plan((Member("a", "x"),), (Stratum("x", -1),)), "不小于 0 的整数"),
        (lambda: Plan((Member("a\tb", "x"),), (Stratum("x", 1),)), "控制字符"),
        (lambda: Plan((Member("e\u0301", "x"),), (Stratum("x", 1),)), "NFC"),
        (lambda: made(Plan((Member("a", "x"),), (Stratum("x", 2),))), "可抽 1 人.*请减少 1 名"),
        (lambda: commit("种子", "短"), "小写十六进制"),
        (lambda: draw(PLAN, seed="a", nonce=NONCE, commitment=commit("b", NONCE)), "承诺值"),
        (lambda: decline(made(), "E99", "出差"), "正在名单或候补中的人"),
        (lambda: decline(made(), made().names[0], ""), "理由"),
        (lambda: plan_from_json([]), "JSON 对象"),
        (lambda: plan_from_json({"pool": [], "strata": [], "sead": 1}), "sead.*下列键之一"),
        (lambda: plan_from_json({"pool": [{"id": 3, "stratum": "x"}], "strata": []}), "文字（加引号）"),
        (lambda: plan_from_json({"strata": []}), "pool.*JSON 数组"),
        (lambda: plan_from_json({"version": "2", "pool": [], "strata": []}), "xiandao-draw/1"),
        (lambda: record_from_json({**record_to_json(made()), "names": "E01"}), "文字的数组"),
        (lambda: record_from_json({**record_to_json(made()), "drawn": []}), "每层一个数组"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_a_way_out(build, words):
    with pytest.raises(InvalidValue, match=words):
        build()


@settings(max_examples=30)
@given(st.text(min_size=1, max_size=8), st.text(min_size=1, max_size=8))
def test_two_seeds_have_two_commitments(one, other):
    try:
        first, second = commit(one, NONCE), commit(other, NONCE)
    except InvalidValue:
        return
    assert (first == second) == (one == other)
