"""The grammar of business scopes, by example."""

import numpy as np
import pyarrow as pa
import pytest

from xiandao.engines.identify import clauses, scan, text
from xiandao.engines.identify.clauses import Source
from xiandao.engines.identify.lexicon import Pairs, Verb

D, M, S, T, NONE = Verb.DEVELOP, Verb.MAKE, Verb.SERVE, Verb.SELL, Verb.NONE


def said_of(thing: str, scope: str) -> tuple[Verb, Source, bool]:
    """Verbs, their source and whether it is excluded, of the first place where a thing stands in a scope."""
    flat = text.flatten(text.codes(scan.column(pa.array(["垫", scope, "尾"]))))
    whole = "".join(map(chr, flat.codes))
    at = np.array([whole.index(thing)])
    items = clauses.items(flat)
    item = int(items.of(at)[0])
    return Verb(int(items.verbs[item])), Source(int(items.source[item])), bool(clauses.excluded(flat, at)[0])


@pytest.mark.parametrize(
    ("scope", "verbs", "source"),
    [
        ("甲制造", M, Source.OWN),
        ("甲的研发、生产、销售", D | M | T, Source.OWN),
        ("研发、生产、销售：乙、甲、丙", D | M | T, Source.BEFORE),
        ("销售乙、甲", T, Source.BEFORE),
        ("销售甲", T, Source.OWN),
        ("乙、甲、丙的研发", D, Source.AFTER),
        ("甲、乙，丙制造", M, Source.AFTER_COMMA),
        ("技术咨询，乙、甲、丙的研发", D, Source.AFTER),
        ("销售：乙，甲、网络技术的研发", D, Source.AFTER),
        ("甲；乙的研发", NONE, Source.NONE),
        ("甲。研发", NONE, Source.NONE),
        ("甲设备、配件销售", T, Source.AFTER),
        ("甲、技术服务", NONE, Source.NONE),
        ("甲检测设备", NONE, Source.NONE),
        ("甲设备检测", S, Source.OWN),
        ("工程塑料、甲、乙生产", M, Source.AFTER),
        ("经营范围：甲", NONE, Source.NONE),
        ("销售计算机软、硬件、甲", T, Source.BEFORE),
        ("乙（甲、丙）制造", M, Source.HOST),
        ("乙（丙）（甲）制造", M, Source.HOST),
        ("乙（丁（甲））制造", M, Source.HOST),
        ("乙（甲销售）制造", T, Source.OWN),
        ("（未闭合，甲研发", D, Source.OWN),
        ("（销售：甲；乙）", T, Source.OWN),
        ("从事甲领域内的技术开发、技术转让", D, Source.OWN),
        ("甲及乙的销售、技术研发及管理咨询服务", D | T, Source.OWN),
        ("甲销售；技术研发", T, Source.OWN),
        ("甲技术的研发及产品销售", D | T, Source.OWN),
        ("甲检测设备销售", T, Source.OWN),
        ("甲销售，技术研发", T, Source.OWN),
        ("生产乙，甲并提供以上设备的租赁", M, Source.BEFORE),
        ("生产乙，甲，上述产品的批发", M, Source.BEFORE),
    ],
)
def test_what_binds_a_thing(scope: str, verbs: Verb, source: Source) -> None:
    assert said_of("甲", scope)[:2] == (verbs, source)


@pytest.mark.parametrize(
    ("scope", "excluded"),
    [
        ("乙（不含甲）销售", True),
        ("乙（不含丙，不包括甲）", True),
        ("乙（除甲）", True),
        ("乙（甲除外）", True),
        ("甲（甲二除外）", False),
        ("除甲外，乙的生产", True),
        ("除尘甲、乙", False),
        ("乙、甲除外；丙", True),
        ("不得从事甲、乙；丙", True),
        ("不含乙；甲", False),
        ("不含乙，甲", False),
        ("乙除外，甲", False),
        ("乙以外的甲", False),
        ("甲以外的乙", True),
        ("乙（不含丙（甲））", True),
        ("甲生产（依法须经批准的项目除外）", False),
    ],
)
def test_what_is_excluded(scope: str, excluded: bool) -> None:  # noqa: FBT001 — a column of the table
    assert said_of("甲", scope)[2] is excluded


def test_how_far_away_the_verbs_stand() -> None:
    flat = text.flatten(text.codes(scan.column(pa.array(["销售：甲、乙、丙；丁、戊生产"]))))
    assert clauses.items(flat).distance.tolist() == [0, 0, 1, 2, 1, 0]


def test_empty_texts_have_no_items() -> None:
    for rows in ([], [""], ["", ""]):
        flat = text.flatten(text.codes(scan.column(pa.array(rows, pa.string()))))
        assert len(clauses.items(flat).starts) == 0


def test_brackets_that_are_long_hold_clauses_or_stay_open_are_none() -> None:
    for scope in ("甲（乙；丙）丁", "甲（乙：丙）丁", f"甲（{'乙' * 160}）丁", "甲（乙", "甲）乙（"):
        flat = text.flatten(text.codes(scan.column(pa.array([scope]))))
        assert "".join(map(chr, flat.codes)) == scope
    flat = text.flatten(text.codes(scan.column(pa.array(["甲（乙）丁"]))))
    assert ("".join(map(chr, flat.codes)), flat.starts.tolist(), flat.host.tolist()) == ("甲丁乙", [0, 2, 3], [-1, 0])


def test_a_word_list_holds_words_of_one_or_two_characters() -> None:
    with pytest.raises(ValueError, match="一个字或两个字"):
        Pairs({"三个字": 1})


def test_text_that_is_no_utf8_is_refused() -> None:
    with pytest.raises(UnicodeDecodeError):
        text.codes(scan.Column(memoryview(b"\xff"), np.array([0, 1])))
