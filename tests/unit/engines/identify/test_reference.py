"""The engine's arrays and the slow reader say the same of random scopes, term by term."""

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xiandao.engines.identify import Catalogue, hits, patterns, scan
from xiandao.engines.identify.clauses import Source
from xiandao.engines.identify.hits import Discount

from . import conftest
from .reference import Said, read

PIECES = [
    *("机器人", "工业机器人", "无人机", "燃料电池", "氢能", "核电", "空中游览", "UAV", "5G氢", "伺服电机"),
    *(
        "研发",
        "生产",
        "销售",
        "制造",
        "服务",
        "技术开发",
        "技术服务",
        "的",
        "及",
        "和",
        "维修",
        "租赁",
        "工程",
        "检测设备",
        "经营范围",
    ),
    *(
        "、",
        "，",
        "；",
        "。",
        "：",
        "（",
        "）",
        "(",
        ")",
        "不含",
        "除外",
        "除",
        "外",
        "以外",
        "审核",
        "机器人培训",
        "氢能养生",
    ),
    *(
        "建材",
        "计算机",
        "软、硬件",
        "设备",
        "网络技术的研发",
        "A",
        ".",
        "电",
        "从事",
        "配件",
        "以上",
        "上述",
        "技术",
        "技术研发",
        "开发",
    ),
]
scopes = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


@pytest.fixture(scope="module")
def words() -> tuple[list[str], list[str]]:
    return [word for group in conftest.WORDS.values() for word in group], list(conftest.TRAPS)


def engine_says(texts: list[str], terms: list[str], traps: list[str]) -> list[list[Said]]:
    table = patterns.patterns([*terms, *traps])
    scanner = scan.scanner(table.texts, engine="automaton")
    found = hits.find(scan.column(pa.array(texts, pa.string())), scanner, table, len(terms))
    read_ = hits.read(found)
    rows: list[list[Said]] = [[] for _ in texts]
    names = {Discount.NONE: "", Discount.EXCLUDED: "excluded", Discount.TRAP: "trap"}
    for i in range(len(read_.row)):
        row = int(read_.row[i])
        start = int(found.batch.starts[row])
        rows[row].append(
            Said(
                terms[int(read_.word[i])],
                int(read_.start[i]) - start,
                int(read_.end[i]) - start,
                names[Discount(int(read_.discount[i]))],
                int(read_.verbs[i]),
                Source(int(read_.source[i])).name.lower(),
                int(read_.distance[i]),
                int(read_.size[i]),
                int(read_.gap[i]),
                int(read_.lead[i]),
            )
        )
    return [sorted(row, key=lambda said: (said.term, said.start)) for row in rows]


@given(texts=st.lists(scopes, max_size=4))
@settings(max_examples=300, deadline=None)
def test_arrays_and_reader_agree(texts: list[str], words: tuple[list[str], list[str]]) -> None:
    terms, traps = words
    expected = [read(text, terms, traps) for text in texts]
    assert engine_says(texts, terms, traps) == expected


def test_the_reader_knows_the_terms_of_the_small_catalogue(
    small: Catalogue, words: tuple[list[str], list[str]]
) -> None:
    assert sorted(term.text for term in small.terms) == sorted(words[0])
