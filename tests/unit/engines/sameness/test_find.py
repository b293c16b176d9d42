from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xiandao.engines.sameness import Candidate, Certainty, Reason, find_pairs
from xiandao.engines.sameness.judge import judge, prepare
from xiandao.kernel import InvalidValue

PLACES = ("东海省", "临海市", "安平市")
CODE = "91350100M000100Y43"
LAB = Candidate("a", "临海先导量子计算创新中心", place="3301", kind="platform")


def pairs(*known, new=LAB, **more):
    return find_pairs([new], list(known), places=PLACES, **more)


def only(*known, **more):
    (pair,) = pairs(*known, **more)
    return pair


def test_same_identifier_is_certain_however_it_is_written():
    one, other = (
        replace(LAB, identifier="GR2024-001"),
        Candidate("b", "别的名称", "ｇｒ２０２４－００１", kind="platform"),
    )
    found = only(other, new=one)
    assert (found.new, found.known, found.certainty, found.score) == ("a", "b", Certainty.CERTAIN, 1.0)
    assert found.reasons == (Reason.SAME_IDENTIFIER, Reason.NAMES_DIFFER)


def test_same_identifier_of_another_kind_is_another_thing():
    one = replace(LAB, identifier=CODE)
    assert pairs(replace(one, key="b", kind="enterprise", name="另一个"), new=one) == []


def test_placeholder_is_no_identifier():
    assert pairs(Candidate("b", "别的名称", "无", kind="platform"), new=replace(LAB, identifier="无")) == []


def test_same_name_in_the_same_place_is_asked():
    found = only(replace(LAB, key="b", name="先导量子计算创新中心（临海市）有限公司"))
    assert (found.certainty, found.score) == (Certainty.ASK, 0.95)
    assert found.reasons == (Reason.SAME_NAME, Reason.SAME_PLACE)


def test_same_holder_stands_in_for_the_place_and_may_be_spelled_differently():
    one = replace(LAB, place="3301", holder="临海先导科技有限公司")
    found = only(replace(one, key="b", place="3302", holder="先导科技（临海）股份有限公司"), new=one)
    assert found.reasons == (Reason.SAME_NAME, Reason.SAME_HOLDER, Reason.PLACES_DIFFER)
    assert found.score == pytest.approx(0.95 * 0.9)


def test_similar_name_is_asked_with_the_same_place_only():
    similar = replace(LAB, key="b", name="临海先导量子计算技术创新中心")
    found = only(similar)
    assert found.reasons == (Reason.SIMILAR_NAME, Reason.SAME_PLACE)
    assert found.score == pytest.approx(0.95 * 20 / 22)  # 10 of 10 and 12 characters in common
    assert pairs(replace(similar, place="3302")) == []
    assert pairs(similar, similar_from=0.95) == []


def test_one_thing_claimed_by_two_cities_under_one_distinctive_name_is_asked():
    found = only(replace(LAB, key="b", place="3302"))
    assert found.reasons == (Reason.SAME_NAME, Reason.PLACES_DIFFER)
    assert found.score == pytest.approx(0.85 * 0.9)


def test_common_short_names_in_two_places_are_not_asked():
    assert pairs(replace(LAB, key="b", name="创新中心", place="3302"), new=replace(LAB, name="创新中心")) == []


@pytest.mark.parametrize(("name", "asked"), [("先导量子平台", 1), ("先导量子室", 0)])
def test_six_characters_make_a_name_distinctive(name, asked):
    assert len(pairs(replace(LAB, key="b", name=name, place="3302"), new=replace(LAB, name=name))) == asked


def test_same_name_apart_from_its_city_in_two_places_is_not_asked():
    assert pairs(replace(LAB, key="b", name="安平先导量子计算创新中心", place="3302")) == []


def test_two_identifiers_of_one_type_rule_out_a_similar_name_but_not_the_same():
    one = replace(LAB, identifier="GR2024001")
    similar = replace(LAB, key="b", name="临海先导量子计算技术创新中心")
    assert pairs(replace(similar, identifier="GR2024002"), new=one) == []
    assert len(pairs(replace(similar, identifier="XK2024002"), new=one)) == 1
    found = only(replace(LAB, key="b", identifier="GR2024002"), new=one)
    assert Reason.IDENTIFIERS_DIFFER in found.reasons


def test_first_and_second_phase_are_asked_with_the_doubt_said():
    found = only(replace(LAB, key="b", name=LAB.name + "二期"), new=replace(LAB, name=LAB.name + "一期"))
    assert Reason.NUMBERS_DIFFER in found.reasons


def test_names_that_begin_with_different_places_raise_a_doubt():
    found = only(replace(LAB, key="b", name="安平先导量子计算创新中心"))
    assert Reason.NAMED_PLACES_DIFFER in found.reasons


def test_same_date_is_said():
    one = replace(LAB, date=date(2025, 6, 30))
    assert Reason.SAME_DATE in only(replace(one, key="b"), new=one).reasons
    assert Reason.SAME_DATE not in only(replace(LAB, key="b")).reasons


def test_place_written_in_the_middle_of_the_name_hides_nothing():
    one = replace(LAB, name="先导（临海）量子", place="3301")
    assert only(replace(one, key="b", name="先导临海量子"), new=one).reasons[0] is Reason.SAME_NAME


def test_place_in_the_middle_of_a_short_name_hides_nothing_from_the_same_holder():
    one = Candidate("a", "甲（临海）乙", holder="先导公司")
    assert only(replace(one, key="b", name="甲临海乙"), new=one).reasons == (Reason.SAME_NAME, Reason.SAME_HOLDER)


def test_certain_stands_before_a_question_of_the_same_score():
    one = replace(LAB, holder="先导公司", identifier="GR2024001")
    asked, certain = replace(one, key="asked", identifier=""), replace(one, key="certain", place="3302")
    assert [(p.known, p.score) for p in pairs(asked, certain, new=one)] == [("certain", 1.0), ("asked", 1.0)]


def test_unknown_names_places_and_holders_equal_nothing():
    nameless = Candidate("x", "")
    assert pairs(Candidate("b", ""), new=nameless) == []
    assert pairs(Candidate("b", "短名"), new=Candidate("x", "短名")) == []


def test_pairs_within_the_batch_name_the_earlier_one_once():
    found = find_pairs([LAB, replace(LAB, key="b"), Candidate("c", "无关的名称")], [], places=PLACES)
    assert [(pair.new, pair.known, pair.within_new) for pair in found] == [("b", "a", True)]


def test_order_is_new_then_certain_then_score_then_known_first():
    one, two = replace(LAB, identifier="GR2024001"), replace(LAB, key="a2", identifier="")
    known = [
        replace(LAB, key="similar", name="临海先导量子计算技术创新中心"),
        replace(LAB, key="same"),
        replace(LAB, key="certain", identifier="GR2024001"),
    ]
    found = find_pairs([one, two], known, places=PLACES)
    assert [(p.new, p.known) for p in found] == [
        ("a", "certain"),
        ("a", "same"),
        ("a", "similar"),
        ("a2", "same"),
        ("a2", "certain"),
        ("a2", "a"),
        ("a2", "similar"),
    ]


def test_nothing_to_compare():
    assert find_pairs([], [LAB], places=()) == []


@pytest.mark.parametrize("share", [0, -1, 1.01, float("nan")])
def test_similarity_that_is_no_share_is_refused(share):
    with pytest.raises(InvalidValue, match="相似度"):
        pairs(LAB, similar_from=share)


names = st.text(alphabet="量子智算甲乙一二期", min_size=0, max_size=9) | st.sampled_from(
    ["临海先导", "先导（临海）", "先导有限公司", "量子计算创新中心", "量子计算中心", "安平量子计算创新中心"]
)
candidates = st.builds(
    Candidate,
    key=st.just(""),
    name=names,
    identifier=st.sampled_from(["", "无", "GR1", "GR2", "gr-1", "X7", CODE]),
    place=st.sampled_from(["", "1", "2"]),
    holder=st.sampled_from(["", "先导公司", "先导有限公司", "乙公司", CODE]),
    kind=st.sampled_from(["p", "p", "q"]),
    date=st.sampled_from([None, date(2025, 1, 1)]),
)


@st.composite
def batches(draw):
    rows = draw(st.lists(candidates, min_size=1, max_size=12))
    rows = [replace(row, key=str(index)) for index, row in enumerate(rows)]
    cut = draw(st.integers(0, len(rows)))
    return rows[:cut], rows[cut:]


def _all_pairs(new, known, similar_from):
    """Judge every pair: the search must not lose or add one."""
    ready = {row.key: prepare(row, PLACES) for row in [*new, *known]}
    every = [(a, b, False) for a in new for b in known] + [(a, b, True) for i, a in enumerate(new) for b in new[:i]]
    verdicts = {(a.key, b.key, w): judge(ready[a.key], ready[b.key], similar_from=similar_from) for a, b, w in every}
    return {(*key, v.certainty, v.score, v.reasons) for key, v in verdicts.items() if v}


def _facts(found):
    return {(p.new, p.known, p.within_new, p.certainty, p.score, p.reasons) for p in found}


@settings(max_examples=400)
@given(batches(), st.sampled_from([0.3, 0.5, 0.7, 0.85, 1.0]))
def test_search_finds_what_judging_every_pair_finds(batch, similar_from):
    new, known = batch
    found = find_pairs(new, known, places=PLACES, similar_from=similar_from)
    assert _facts(found) == _all_pairs(new, known, similar_from)
    assert len(found) == len(_facts(found))


@given(batches())
def test_symmetric(batch):
    new, known = batch
    there = {
        frozenset({p.new, p.known}): (p.certainty, p.score, p.reasons)
        for p in find_pairs(new, known, places=PLACES)
        if not p.within_new
    }
    back = {
        frozenset({p.new, p.known}): (p.certainty, p.score, p.reasons)
        for p in find_pairs(known, new, places=PLACES)
        if not p.within_new
    }
    assert there == back


@given(batches(), st.randoms(use_true_random=False))
def test_order_of_known_and_of_places_changes_no_finding(batch, shuffler):
    new, known = batch
    mixed = list(known)
    shuffler.shuffle(mixed)
    assert _facts(find_pairs(new, mixed, places=reversed(PLACES))) == _facts(find_pairs(new, known, places=PLACES))


def _wide(text):
    return "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c > " " else c for c in text)


@given(
    st.text(alphabet="量子智算甲乙丙丁戊己abc12", min_size=3, max_size=12),
    st.text(alphabet="量子智算甲乙丙丁戊己abc12", min_size=3, max_size=12),
    st.sampled_from(["有限公司", "股份有限公司", "集团有限公司", "（集团）有限责任公司", "公司"]),
    st.integers(0, 12),
)
def test_a_legal_form_white_space_or_full_width_hides_no_duplicate(name, other, form, position):
    one, two = replace(LAB, name=name), replace(LAB, key="b", name=other)
    before = [(p.certainty, p.score, p.reasons) for p in pairs(two, new=one)]
    for spelling in (other + form, other[:position] + "　 " + other[position:], _wide(other.upper())):
        assert [(p.certainty, p.score, p.reasons) for p in pairs(replace(two, name=spelling), new=one)] == before
