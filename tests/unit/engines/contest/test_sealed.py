import hashlib
import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiandao.engines.contest import Ballot, Opening, canonical, open_all, seal
from xiandao.kernel import InvalidValue

BALLOT = Ballot("张评委", "甲队", {"技术": Decimal("88.50"), "市场": Decimal(90)})
NONCE = "f3a9c1d27b60e845"


def test_commitment_is_the_hash_of_canonical_json():
    text = '{"entrant":"甲队","judge":"张评委","nonce":"f3a9c1d27b60e845","round":"初赛","scores":{"市场":"90","技术":"88.5"}}'
    assert canonical("初赛", BALLOT, NONCE) == text
    sealed = seal("初赛", BALLOT, NONCE)
    assert sealed.commitment == hashlib.sha256(text.encode()).hexdigest()
    assert json.loads(text)["scores"]["技术"] == "88.5"


def test_spelling_of_a_number_does_not_matter():
    other = replace(BALLOT, scores={"市场": Decimal("9E+1"), "技术": Decimal("88.5")})
    assert seal("初赛", other, NONCE) == seal("初赛", BALLOT, NONCE)


def test_abstention_is_sealed_like_a_score():
    assert '"scores":null' in canonical("初赛", Ballot("a", "甲", None, "同一单位"), NONCE)


def test_opens_when_all_are_there_and_the_same():
    ballots = [replace(BALLOT, judge=judge) for judge in "ba"]
    sealed = [seal("初赛", ballot, NONCE + ballot.judge) for ballot in ballots]
    opened = open_all("初赛", sealed, [Opening(ballot, NONCE + ballot.judge) for ballot in ballots])
    assert [ballot.judge for ballot in opened] == ["a", "b"]


CHANGED = replace(BALLOT, scores={"技术": Decimal("88.51"), "市场": Decimal(90)})


@pytest.mark.parametrize(
    ("openings", "said"),
    [
        ([Opening(CHANGED, NONCE)], "与密封时一致"),
        ([Opening(BALLOT, NONCE + "0")], "与密封时一致"),
        ([], "张评委→甲队"),
        ([Opening(BALLOT, NONCE)] * 2, "只开启一次"),
        ([Opening(BALLOT, NONCE), Opening(replace(BALLOT, judge="李评委"), NONCE)], "李评委→甲队"),
    ],
)
def test_changed_missing_or_foreign_ballots_open_nothing(openings, said):
    with pytest.raises(InvalidValue, match=said):
        open_all("初赛", [seal("初赛", BALLOT, NONCE)], openings)


def test_seal_of_another_round_or_twice_is_refused():
    sealed = seal("初赛", BALLOT, NONCE)
    for given_ in ([seal("复赛", BALLOT, NONCE)], [sealed, sealed]):
        with pytest.raises(InvalidValue, match="每人每项一份密封"):
            open_all("初赛", given_, [Opening(BALLOT, NONCE)])


def test_short_nonce_is_refused():
    with pytest.raises(InvalidValue, match="不少于16个字符"):
        seal("初赛", BALLOT, "123")


@given(st.decimals(0, 100, places=2), st.decimals(0, 100, places=2))
def test_two_ballots_share_a_commitment_only_if_equal(one, other):
    sealed = [seal("初赛", replace(BALLOT, scores={"技术": x}), NONCE).commitment for x in (one, other)]
    assert (sealed[0] == sealed[1]) == (one == other)
