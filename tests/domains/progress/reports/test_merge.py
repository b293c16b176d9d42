"""Two changes of one report come together field by field; where both wrote, both are kept for the writer to choose."""

import pytest

from xiandao.domains.progress.actions.reports.content import CLAIM_FIELDS, Clash, Content, choose, merge


def claim(**fields):
    return dict.fromkeys(CLAIM_FIELDS, "") | fields


BASE = Content("on_track", "原文", "下一步", {"1": claim(name="甲", quantity="1"), "2": claim(name="乙", quantity="1")})


def test_changes_of_different_fields_come_together():
    mine = Content("on_track", "我写的", "下一步", BASE.claims)
    theirs = Content("blocked", "原文", "他写的下一步", BASE.claims)
    merged, clashes = merge(BASE, mine, theirs)
    assert (merged.standing, merged.happened, merged.next_step, clashes) == ("blocked", "我写的", "他写的下一步", [])


def test_where_both_wrote_mine_stands_and_the_clash_names_both():
    mine = Content("on_track", "我写的", "下一步", BASE.claims)
    theirs = Content("on_track", "他写的", "下一步", BASE.claims)
    merged, clashes = merge(BASE, mine, theirs)
    assert merged.happened == "我写的"
    assert clashes == [Clash(("happened",), "我写的", "他写的")]


def test_the_same_change_by_both_is_no_clash():
    both = Content("done", "原文", "下一步", BASE.claims)
    assert merge(BASE, both, both) == (both, [])


def test_fields_of_one_claim_come_together_and_clash_one_by_one():
    mine = Content(*_words(), {"1": claim(name="甲一", quantity="1"), "2": BASE.claims["2"]})
    theirs = Content(*_words(), {"1": claim(name="甲二", quantity="3"), "2": BASE.claims["2"]})
    merged, clashes = merge(BASE, mine, theirs)
    assert (merged.claims["1"]["name"], merged.claims["1"]["quantity"]) == ("甲一", "3")
    assert clashes == [Clash(("claims", "1", "name"), "甲一", "甲二")]


def test_new_claims_of_both_are_both_there():
    mine = Content(*_words(), {**BASE.claims, "new-1": claim(name="我的")})
    theirs = Content(*_words(), {**BASE.claims, "7": claim(name="他的")})
    merged, clashes = merge(BASE, mine, theirs)
    assert [fields["name"] for fields in merged.claims.values()] == ["甲", "乙", "他的", "我的"]
    assert clashes == []


def test_a_new_claim_that_was_saved_though_the_answer_was_lost_is_not_there_twice():
    mine = Content(*_words(), {**BASE.claims, "new-1": claim(name="我的")})
    theirs = Content(*_words(), {**BASE.claims, "7": claim(name="我的")})
    merged, clashes = merge(BASE, mine, theirs)
    assert [(key, fields["name"]) for key, fields in merged.claims.items()] == [("1", "甲"), ("2", "乙"), ("7", "我的")]
    assert clashes == []


def test_a_claim_one_removed_and_the_other_left_is_removed():
    mine = Content(*_words(), {"2": BASE.claims["2"]})
    merged, clashes = merge(BASE, mine, BASE)
    assert (list(merged.claims), clashes) == (["2"], [])
    merged, clashes = merge(BASE, BASE, mine)
    assert (list(merged.claims), clashes) == (["2"], [])


def test_a_claim_one_removed_and_the_other_changed_is_asked():
    mine = Content(*_words(), {"1": claim(name="甲改", quantity="1"), "2": BASE.claims["2"]})
    theirs = Content(*_words(), {"2": BASE.claims["2"]})
    merged, clashes = merge(BASE, mine, theirs)
    assert merged.claims["1"]["name"] == "甲改"
    assert clashes == [Clash(("claims", "1"), "甲改", None)]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (set(), ("我写的", "甲一", ["1", "2"])),
        ({"happened"}, ("他写的", "甲一", ["1", "2"])),
        ({"claims.1.name"}, ("我写的", "甲二", ["1", "2"])),
        ({"claims.2"}, ("我写的", "甲一", ["1"])),
        ({"claims.9", "nonsense", "claims.1.nonsense"}, ("我写的", "甲一", ["1", "2"])),
    ],
)
def test_choosing_theirs_takes_exactly_what_was_chosen(names, expected):
    mine = Content("on_track", "我写的", "", {"1": claim(name="甲一"), "2": claim(name="乙")})
    theirs = Content("on_track", "他写的", "", {"1": claim(name="甲二")})
    chosen = choose(mine, theirs, names)
    assert (chosen.happened, chosen.claims["1"]["name"], list(chosen.claims)) == expected


def _words():
    return BASE.standing, BASE.happened, BASE.next_step
