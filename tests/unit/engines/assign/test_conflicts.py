"""Conflicts: every rule, both edges of its window, identifiers only."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiandao.engines.assign import Kind, Review, Rule, Spell, Subject, Tie, conflicts
from xiandao.kernel import InvalidValue

DAY = date(2026, 6, 30)
RULES = {
    Kind.SAME_UNIT: Rule(3, "三年内同一单位", "手册 7"),
    Kind.POSITION: Rule(0, "任职"),
    Kind.SHARES: Rule(0, "持股"),
    Kind.RELATIVE: Rule(None, "近亲属"),
    Kind.TEACHER: Rule(None, "师生"),
    Kind.PROJECT: Rule(3, "合作项目"),
    Kind.PAPER: Rule(3, "合作论文"),
    Kind.PATENT: Rule(3, "共同发明"),
    Kind.COMPETITOR: Rule(0, "竞争单位"),
    Kind.AVOID: Rule(None, "指名回避"),
    Kind.MEMBER: Rule(None, "本人是成员"),
    Kind.REPEATED: Rule(1, "一年内评审过多", most=2),
    Kind.DECLARED: Rule(None, "本人声明"),
}
P = Subject("P", frozenset({"ORG"}), frozenset({"张"}), frozenset({"避"}), frozenset({"RIVAL"}))


def codes(*relations, experts=("E",), rules=RULES, as_of=DAY, subject=P, **more):
    spells = [each for each in relations if isinstance(each, Spell)]
    ties = [each for each in relations if isinstance(each, Tie)]
    return [each.code for each in conflicts(experts, spells, ties, [subject], rules=rules, as_of=as_of, **more)]


@pytest.mark.parametrize(
    ("start", "end", "found"),
    [
        (None, None, True),
        (date(2010, 1, 1), None, True),
        (date(2010, 1, 1), date(2023, 6, 30), True),
        (date(2010, 1, 1), date(2023, 6, 29), False),
        (date(2026, 6, 30), None, True),
        (date(2026, 7, 1), None, False),
    ],
)
def test_the_same_unit_counts_for_three_years_to_the_day(start, end, found):
    assert codes(Spell("E", "ORG", Kind.SAME_UNIT, start, end)) == [Kind.SAME_UNIT] * found
    tie = Tie("张", "E", Kind.PROJECT, start, end)
    assert codes(tie) == [Kind.PROJECT] * found


def test_29_february_is_read_as_the_28th():
    spell = Spell("E", "ORG", Kind.SAME_UNIT, None, date(2021, 2, 28))
    assert codes(spell, as_of=date(2024, 2, 29)) == [Kind.SAME_UNIT]


def test_a_position_or_shares_count_while_they_last():
    for kind in (Kind.POSITION, Kind.SHARES):
        assert codes(Spell("E", "ORG", kind, date(2020, 1, 1), DAY)) == [kind]
        assert codes(Spell("E", "ORG", kind, date(2020, 1, 1), DAY - timedelta(days=1))) == []


def test_a_unit_shared_with_a_member_of_the_proposal_counts():
    mine, theirs = Spell("E", "UNI", Kind.SAME_UNIT), Spell("张", "UNI", Kind.SAME_UNIT, record="r7")
    (found,) = conflicts(["E"], [mine, theirs], [], [P], rules=RULES, as_of=DAY)
    assert (found.code, found.evidence[0].record, found.evidence[0].shared) == (Kind.SAME_UNIT, "r7", "UNI")
    assert found.words == "专家 E 不能评审 P：三年内同一单位，依据 UNI（手册 7）。"


def test_each_other_rule():
    assert codes(Tie("E", "张", Kind.RELATIVE)) == [Kind.RELATIVE]
    assert codes(Tie("E", "李", Kind.RELATIVE)) == []
    assert codes(Tie("张", "E", Kind.TEACHER, date(1990, 1, 1), date(1993, 1, 1))) == [Kind.TEACHER]
    assert codes(Tie("E", "张", Kind.PAPER, date(2024, 1, 1), date(2024, 1, 1))) == [Kind.PAPER]
    assert codes(Spell("E", "RIVAL", Kind.SAME_UNIT)) == [Kind.COMPETITOR]
    assert codes(Spell("E", "RIVAL", Kind.SAME_UNIT, None, date(2026, 1, 1))) == [], "a former unit does not compete"
    assert codes(experts=("避",)) == [Kind.AVOID]
    assert codes(experts=("张",)) == [Kind.MEMBER]
    assert codes(declared=[("E", "P", "d1"), ("E", "别的", "d2")]) == [Kind.DECLARED]


def test_two_reviews_in_a_year_are_enough():
    days = [DAY, date(2025, 7, 1), date(2025, 6, 30)]
    reviews = [Review("E", "ORG", day) for day in days]
    assert codes(reviews=reviews[:2]) == [Kind.REPEATED]
    assert codes(reviews=reviews[1:]) == [], "one of them is a year old"
    assert codes(reviews=[*reviews[:1], Review("E", "别的", DAY)]) == []


def test_an_award_has_a_longer_window():
    tie = Tie("E", "张", Kind.PAPER, date(2022, 1, 1), date(2022, 1, 1))
    assert codes(tie) == []
    assert codes(tie, rules={**RULES, Kind.PAPER: Rule(5, "合作论文")}) == [Kind.PAPER]


def test_unknown_identifiers_are_nobodys():
    empty = Subject("P", frozenset({""}), frozenset({""}))
    relations = [Spell("E", "", Kind.SAME_UNIT), Spell("", "ORG", Kind.SAME_UNIT), Tie("E", "", Kind.PAPER)]
    assert codes(*relations, experts=("E", ""), subject=empty) == []


def test_a_rule_not_given_is_not_applied():
    assert codes(Spell("E", "ORG", Kind.SAME_UNIT), rules={}) == []
    assert codes(Spell("E", "RIVAL", Kind.SAME_UNIT), rules={Kind.SAME_UNIT: RULES[Kind.SAME_UNIT]}) == []


def test_wrong_relations_are_refused():
    with pytest.raises(InvalidValue, match="关系的种类"):
        codes(Spell("E", "ORG", Kind.PAPER))
    with pytest.raises(InvalidValue, match="终止不早于起始"):
        codes(Tie("E", "张", Kind.PAPER, DAY, date(2020, 1, 1)))


days = st.none() | st.dates(date(2018, 1, 1), date(2028, 1, 1))


@given(st.lists(st.tuples(st.sampled_from(["E", "F", "张"]), st.sampled_from(["ORG", "UNI", ""]), days, days)))
def test_as_the_rule_reads_literally(rows):
    rows = [row for row in rows if row[2] is None or row[3] is None or row[2] <= row[3]]
    spells = [Spell(who, unit, Kind.SAME_UNIT, start, end) for who, unit, start, end in rows]
    found = {
        each.expert
        for each in conflicts(["E", "F"], spells, [], [P], rules={Kind.SAME_UNIT: Rule(3, "同一单位")}, as_of=DAY)
    }

    def units(who):
        return {
            unit
            for person, unit, start, end in rows
            if person == who and unit and (start or DAY) <= DAY and (end or DAY) >= date(2023, 6, 30)
        }

    assert found == {who for who in ("E", "F") if units(who) & ({"ORG"} | units("张"))}
